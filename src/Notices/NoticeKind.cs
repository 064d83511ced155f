namespace Guerdon.Notices;

/// <summary>What notices are about. All there are is in <see cref="NoticeKinds"/>.</summary>
public sealed class NoticeKind
{
    internal NoticeKind(string name, bool mustBeTold, string title) =>
        (Name, MustBeTold, Title) = (name, mustBeTold, title);

    /// <summary>Lower-case words and underscores; on record, so that it never changes.</summary>
    public string Name { get; }

    /// <summary>Whether it is told by every channel that there is, whatever the person chose.</summary>
    public bool MustBeTold { get; }

    /// <summary>The subject of its e-mail, and its name on the page. Locked phones show it: no amount is in it.
    /// </summary>
    public string Title { get; }

    public override string ToString() => Name;
}
