namespace Guerdon.Identity.Accounts;

/// <summary>The roles of accounts, as rows of <c>host.account_role</c>: who was given which, by whom and
/// when.</summary>
internal static class AccountRoles
{
    /// <summary>The source of roles that somebody gives on the server's machine, or that are made with the
    /// installation.</summary>
    internal const string OnServer = "server";

    /// <summary>A column <c>roles</c>, of <c>host.account a</c>: those that it has now.</summary>
    internal const string Held = """
        array(select distinct r.role from host.account_role r
               where r.account_id = a.account_id and r.taken_at is null) as roles
        """;
}
