namespace Guerdon.Ledger.Accounts;

/// <summary>What is counted. The two are never mixed; only a declared conversion links them.</summary>
public enum Asset : short
{
    /// <summary>Spent on AI services.</summary>
    Compute = 1,

    /// <summary>Earned by using compute well; vests and converts to pay.</summary>
    Reward = 2,
}

/// <summary>The accounts of a wallet. Numbers are stored and never reused.</summary>
public enum AccountKind : short
{
    /// <summary>Free to be drawn, granted on or spent.</summary>
    Available = 1,

    /// <summary>Set aside for one holder, a gateway node, which admits requests against it.</summary>
    Escrow = 2,

    /// <summary>Used up.</summary>
    Spent = 3,

    /// <summary>Lapsed on its lot's expiry date.</summary>
    Expired = 4,

    /// <summary>Granted, and not the owner's before it vests.</summary>
    Unvested = 5,

    /// <summary>Set aside while a conversion is decided; still the owner's.</summary>
    Locked = 6,

    /// <summary>Gone: paid out as money, days off or equity.</summary>
    Converted = 7,
}
