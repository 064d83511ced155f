namespace Guerdon.Ledger.Audit;

/// <summary>
/// The tables without a guard, what their evidence is instead, and what the application may do with them. A table that
/// is neither guarded nor here fails <c>TamperCatalogueTests</c>.
/// </summary>
public static class OtherTables
{
    /// <param name="Name">With its schema.</param>
    /// <param name="Rights">Beside reading: <c>insert</c>, <c>update</c>, which may name columns, <c>delete</c>; or
    /// none.</param>
    /// <param name="Evidence">Why an edit of it is found, or does not matter.</param>
    public sealed record Table(string Name, string Rights, string Evidence)
    {
        /// <summary>The columns that it may update, with commas between them; <c>*</c>: all; empty: none.</summary>
        internal string Updated
        {
            get
            {
                var at = Rights.IndexOf("update", StringComparison.Ordinal);
                if (at < 0) return "";
                var rest = Rights[(at + "update".Length)..].TrimStart();
                return rest.StartsWith('(')
                    ? rest[1..rest.IndexOf(')', StringComparison.Ordinal)].Replace(" ", "", StringComparison.Ordinal)
                    : "*";
            }
        }
    }

    public static readonly IReadOnlyList<Table> All =
    [
        new("kernel.change", "", "its lines are in the seals, and they add up to the guarded rows"),
        new("host.migration", "", "compared with the program's files at every start"),
        new("host.rights", "", "which rights were given; verify looks at the rights themselves"),
        new("host.act", "insert, update (seq, hash)",
            "a hash chain, whose heads are guarded rows; lines of kernel.change name the acts that they are of"),
        new("host.data_key", "insert, update, delete",
            "sealed by the key file; changed, it opens nothing, and moves no money"),
        new("host.session",
            "insert, update (hash, confirmed_at, seen_at, ended_at, ended_by, ended_by_account, ended_why), delete",
            "who is signed in; gone within months, and what somebody decides is a record of its own"),
        new("host.login_request", "insert, update (asked_at, account_id, session_id, confirmed_at, refused), delete",
            "command lines that wait for a sign-in; gone within minutes"),
        new("host.token_use", "insert, update (used_at)", "when a token was last used; nothing rests on it"),
        new("openid.session", "insert, update (sid)", "what a provider says of a session; gone with it"),
        new("openid.logout", "insert, delete", "logout tokens of the last minutes, so that none is taken twice"),
        new("passkeys.passkey_use", "insert, update (sign_count, is_backed_up, used_at)",
            "when a passkey was last used; its key is a guarded row"),
        new("passkeys.answered", "insert, delete", "challenges of the last minutes, so that none is taken twice"),
        new("ledger.wallet", "insert, update", "recomputed from the entries"),
        new("ledger.entry", "insert", "a hash chain of each wallet, in the seals"),
        new("ledger.lot", "insert", "part of the chain's hash"),
        new("ledger.position", "insert, update, delete", "recomputed from the entries"),
        new("ledger.seal", "insert", "a chain from day to day, recomputed; its days are in kernel.change"),
        new("ledger.seal_table", "insert", "recomputed from kernel.change"),
        new("compensation.grant_line", "insert, update (run_id, live), delete",
            "recomputed: each line's evidence, and their chunk's content, which is guarded and in the ledger's chain"),
        new("compensation.receipt_content", "insert", "its key is its SHA-256, which the guarded receipt names"),
        new("compensation.notice_way", "insert, update (is_on, changed_at)", "written again by each node that starts"),
        new("compensation.notice_served", "insert, update (served_at)",
            "written again each minute by nodes that send notices"),
        new("compensation.notice_delivery", "insert, update (state, tries, next_at, ended_at, last_error)",
            "how notices left; the notices are guarded, each person's page has them, and no money rests on it"),
        new("metering.request", "insert", "a digest each, each group in kernel.change, each flush in the ledger"),
        new("metering.request_part", "insert", "part of its request's digest"),
        new("metering.opening_group", "insert", "compared with the requests they became, and with escrow"),
        new("metering.day_total", "insert, update", "recomputed from the requests"),
        new("metering.unsettled", "insert, update, delete",
            "recomputed from the requests that name its batches, and compared with escrow"),
        new("metering.closed_holder", "insert",
            "who writes no more; without a row, a late node's requests find no escrow"),
        new("metering.imported", "insert", "compared with the requests, both ways"),
        new("gateway.node", "insert, update", "leases of running nodes; the escrow they hold is the ledger's"),
        new("gateway.key_budget", "insert, update", "recomputed: what nodes have in hand, and what the journal has"),
        new("gateway.key_share", "insert, update, delete", "its sum is part of what is taken of the key's budget"),
        new("web.form_turn", "insert, update, delete",
            "which forms were sent; gone within days, and nothing rests on it"),
    ];
}
