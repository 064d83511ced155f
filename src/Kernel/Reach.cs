namespace Guerdon.Kernel;

/// <summary>Of whom a permission lets somebody see or change something. Each covers those before it.</summary>
public enum Reach
{
    /// <summary>Of nobody: the permission is not held.</summary>
    None,

    /// <summary>Of the caller alone.</summary>
    Own,

    /// <summary>Of the caller and of whoever reports to them, directly or not, as of today.</summary>
    Team,

    /// <summary>Of everybody; and all that is nobody's, such as prices.</summary>
    Everyone,
}
