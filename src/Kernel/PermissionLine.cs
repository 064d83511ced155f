namespace Guerdon.Kernel;

/// <summary>One thing that somebody may do. Every endpoint and page names one, by its name, which is also the name of
/// its authorization policy and of a token's scope.</summary>
/// <param name="Name">As <c>people:read</c>.</param>
/// <param name="Opens">What it opens, in a sentence.</param>
public sealed record PermissionLine(string Name, string Opens)
{
    private readonly Dictionary<string, Reach> _reaches = new(StringComparer.Ordinal);

    /// <summary>Whether it changes the company's records, or prepares a change. What only concerns how somebody signs
    /// in themselves does not count.</summary>
    public bool Writes { get; init; }

    /// <summary>Whether it shows what people are paid.</summary>
    public bool ShowsPay { get; init; }

    /// <summary>Whether it shows what somebody used, or has left: in works-council mode it reaches no further than
    /// oneself.</summary>
    public bool ShowsUse { get; private init; }

    /// <summary>Why it reaches as far in works-council mode as else, in a sentence; null: it tells nothing of others,
    /// or it is one of <see cref="ShowsUse"/>.</summary>
    public string? StillWhy { get; private init; }

    /// <summary>Whether it approves money that leaves the company, or becomes somebody's: a token alone does not do it,
    /// and a session only soon after a sign-in (<see cref="Access.IsConfirmed"/>).</summary>
    public bool ApprovesMoney { get; init; }

    /// <summary>The roles that have it.</summary>
    public IEnumerable<string> Roles => Kernel.Roles.Names.Where(_reaches.ContainsKey);

    /// <summary>Whether it is of persons: some role has it of its own alone.</summary>
    public bool IsOfPersons => _reaches.ContainsValue(Reach.Own);

    /// <summary>Whether it tells nothing of any person but the caller: prices, policies, sums. What does not say so
    /// counts as telling something of people.</summary>
    public bool IsOfNobody { get; private init; }

    /// <summary>Whether some role sees, or learns by doing it, something of others.</summary>
    public bool TellsOfOthers => !IsOfNobody && _reaches.Values.Any(reach => reach > Reach.Own);

    /// <summary>How far it reaches in a role.</summary>
    public Reach In(string role) => _reaches.GetValueOrDefault(role);

    internal PermissionLine Own(params ReadOnlySpan<string> roles) => To(Reach.Own, roles);

    internal PermissionLine Team(params ReadOnlySpan<string> roles) => To(Reach.Team, roles);

    internal PermissionLine For(params ReadOnlySpan<string> roles) => To(Reach.Everyone, roles);

    internal PermissionLine OfNobody() => this with { IsOfNobody = true };

    internal PermissionLine OfUse() => this with { ShowsUse = true };

    internal PermissionLine Still(string why) => this with { StillWhy = why };

    private PermissionLine To(Reach reach, ReadOnlySpan<string> roles)
    {
        foreach (var role in roles) _reaches.Add(role, reach);
        return this;
    }
}
