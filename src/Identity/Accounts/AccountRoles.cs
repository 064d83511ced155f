namespace Guerdon.Identity.Accounts;

/// <summary>The roles of accounts, as rows of <c>host.account_role</c>: who was given which, by whom and
/// when.</summary>
internal static class AccountRoles
{
    /// <summary>The source of roles that somebody gives on the server's machine, or that are made with the
    /// installation.</summary>
    internal const string OnServer = "server";

    /// <summary>The source of roles that one administrator asked for and another agreed to.</summary>
    internal const string ByAdministrators = "administrator";

    /// <summary>The source of the role of an employee, of accounts that a first sign-in with a provider made.
    /// </summary>
    internal const string OnFirstSignIn = "first sign-in";

    /// <summary>The source of those that accounts had before roles were several.</summary>
    internal const string OnUpgrade = "upgrade";

    /// <summary>The sources from which an administrator takes roles. What another gave, such as a directory's group, it
    /// alone takes.</summary>
    internal static readonly string[] Taken = [OnUpgrade, OnServer, ByAdministrators, OnFirstSignIn];

    /// <summary>Held while it is found out whether an administrator is left, until what depends on it is committed.
    /// </summary>
    internal const string Lock = "host.administrators";

    /// <summary>Of <c>host.v_somebody s</c>: whether they decide anything at <c>$1</c>. Who has left, whose account is
    /// closed or who signs in no more, since their provider was removed, does not, so that nobody waits for them; nor
    /// does an auditor, whatever else they are.</summary>
    internal const string DecidesNow = """
        s.signs_in and not s.is_closed and not s.is_auditor and s.access_ended_at is null
           and (s.left_on is null or s.left_on >= ($1::timestamptz at time zone 'UTC')::date)
        """;

    /// <summary>Columns <c>maker</c> and <c>used_link</c>, of <c>host.account a</c>: who made the links by which it got
    /// its password, and the newest of these, where nobody vouched for it since.</summary>
    internal const string Maker = """
        (select string_agg(distinct m.made_by, ', ') from host.v_link_maker m
          where m.account_id = a.account_id and m.counts_until = 'infinity') as maker,
        (select m.link_id from host.v_link_maker m
          where m.account_id = a.account_id and m.used_at is not null
          order by m.used_at desc limit 1) as used_link
        """;

    /// <summary>A column <c>closed_at</c>, of <c>host.account a</c>: since when it is closed.</summary>
    internal const string Closed = """
        (select c.closed_at from host.account_closed c
          where c.account_id = a.account_id and c.opened_at is null) as closed_at
        """;

    /// <summary>A column <c>roles</c>, of <c>host.account a</c>: those that it has now.</summary>
    internal const string Held = """
        array(select distinct r.role from host.account_role r
               where r.account_id = a.account_id and r.taken_at is null) as roles
        """;
}
