namespace Guerdon.Dialects.Calls;

/// <summary>A call whose path names its model.</summary>
public readonly record struct PathCall(Api Api, string Model);
