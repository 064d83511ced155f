using System.Text.RegularExpressions;

namespace Guerdon.Unit.Architecture;

/// <summary>
/// What every module needs has one home: rows, locks and timers are Storage's, a refusal comes back in a
/// <c>Result</c> (docs/adr/0041-one-way-to-read-rows.md). Files that are still to be converted are listed; a list only
/// ever gets shorter.
/// </summary>
public sealed partial class IdiomTests
{
    // Each waits once, or for what is no failure: a time limit beside a task, a fault that the sandbox acts out, the
    // next look at what another does.
    private const string WaitByThemselves = """
        Cli/Grants/RunVerbs.cs Client/SavedLogins.cs Client/Sessions/LogIn.cs
        Forms/FormAnswers.cs Gateway/Admission/AdmissionLoop.cs Gateway/Admission/EscrowDraws.cs
        Gateway/Admission/KeyBudgets.cs Gateway/Forwarding/ForwardCall.cs Grants/Runs/RunWork.cs
        Host/Database/PrivateCluster.cs Host/Running/Server.cs Metering/Requests/ClosingWriter.cs
        Sandbox/Answers/Exchange.cs Sandbox/OpenAi/TuningJobs.cs Sandbox/Replies/EventStream.cs
        Sandbox/Replies/JsonReply.cs Simulation/GrantRuns.cs Terminal/Writing/Progress.cs Tuning/TuningEscrow.cs
        Web/Wallets/LiveWallet.cs
        """;

    // They only read, or are of nobody's: what nodes book, seals, the chain of acts itself, migrations.
    private const string NobodysTransactions = """
        Gateway/Admission/BudgetStore.cs Gateway/Admission/Reclaim.cs Gateway/Admission/VerifyBudgets.cs
        Grants/Expiry/ExpiryNotices.cs Grants/Runs/HistoryReader.cs Grants/Runs/VerifyGrants.cs
        Host/Database/Migrator.cs Identity/Audit/ActReads.cs Identity/Audit/ChainActs.cs
        Identity/Audit/VerifyActs.cs Identity/Protection/DataKeys.cs Ledger/Audit/ChangeVerify.cs
        Ledger/Audit/LedgerVerify.cs
        Ledger/Audit/Seals.cs Ledger/Statements/Statement.cs Ledger/Transfers/Lane.cs
        Metering/Requests/BatchAppend.cs Metering/Settlement/Settlements.cs
        Metering/Verification/MeteringVerify.cs People/Employees/PeopleDirectory.cs Statements/GetWallet.cs
        """;

    [Fact]
    public void Transactions_AreOfAnActUnlessListed() => Assert.Equal(Listed(NobodysTransactions), Holding(Begin()));

    // What a statement with an answer changes of a browser's forms, and what jobs take for themselves.
    private const string NobodysAnswers = """
        Forms/FormTurns.cs:FetchSql Forms/FormTurns.cs:TakeSql Notices/Deliveries/DeliveryStore.cs:TakeSql
        Tuning/TuningStore.cs:ClaimSql
        """;

    // ReadAsync and its like tell the database nothing of who acts; ChangeAsync does.
    [Fact]
    public void Statements_ThatChangeAndAnswer_AreOfAnActUnlessListed() => Assert.Equal(
        Listed(NobodysAnswers),
        from file in Repository.Files("src", ".cs")
        let text = Repository.Read(file)
        from Match call in Answer().Matches(text)
        let sql = call.Groups[1].Value
        where Change().IsMatch(SqlOf(text, sql))
        let shown = $"{file["src/".Length..]}:{sql}"
        orderby shown
        select shown);

    // What is open by itself has no transaction that could be of an act.
    [Fact]
    public void Connections_WithoutATransaction_ChangeNothing() => Assert.Empty(
        from file in Repository.Files("src", ".cs")
        where !file.StartsWith("src/Storage/", StringComparison.Ordinal)
        let text = Repository.Read(file)
        where text.Contains("OpenConnectionAsync(", StringComparison.Ordinal)
            && Writes().IsMatch(text)
            && !text.Contains(".BeginAsync(", StringComparison.Ordinal)
            && !text.Contains(".BeginTransactionAsync(", StringComparison.Ordinal)
        select file);

    private static string SqlOf(string text, string named)
    {
        if (named.StartsWith('"') || named.StartsWith('$')) return named;
        var start = text.IndexOf($"string {named} ", StringComparison.Ordinal);
        if (start < 0) return ""; // handed in
        var value = text[start..text.IndexOf(";\n", start, StringComparison.Ordinal)];
        return Embedded().Match(value) is { Success: true } file
            ? Repository.Read("src/" + file.Groups[1].Value) : value;
    }

    [Fact]
    public void Rows_AreReadByStorage() => Assert.Empty(Holding(Reader()));

    [Fact]
    public void Locks_AreTakenByStorage() => Assert.Empty(Holding(Lock()));

    [Fact]
    public void Timers_AreStorages() => Assert.Empty(Holding(Timer()));

    [Fact]
    public void Waits_AreStorages() => Assert.Equal(Listed(WaitByThemselves), Holding(Wait()));

    [Fact]
    public void Refusals_ComeBackAsResults() => Assert.Empty(Holding(Tuple()));

    [Theory]
    [InlineData("Task<(Reply? Reply, Refused? No)> RunAsync(", true)]
    [InlineData("    private static (Lot[] Lots, Refused?) MayConvert(", true)]
    [InlineData("public (RateTicket? Ticket, Refused? Refused, TimeSpan RetryAfter) Take(", true)]
    [InlineData("Func<Task<(IReadOnlyList<(int, int)>, Refused?)>> run", true)]
    [InlineData("string text, [NotNullWhen(false)] out Refused? refused)", true)]
    [InlineData("internal readonly record struct Admitted(Hold? Hold, Refused? Refused);", true)]
    [InlineData("private void Tell(Refused? no) =>", false)]
    [InlineData("public static Refused? CheckForm(Transfer t)", false)]
    [InlineData("Func<NpgsqlConnection, RunState, Task<Refused?>> decide, CancellationToken ct)", false)]
    public void Tuple_OfARefusal_IsFound(string code, bool isOne) => Assert.Equal(isOne, Tuple().IsMatch(code));

    // What asks us, and what a provider's proxy said in whatever charset.
    private const string TextsOfOthers = "Relay/Callers/HeaderRules.cs Web/Shared/PageErrors.cs";

    [Fact]
    public void Texts_ThatAreAnswered_SayTheirCharset() => Assert.Equal(
        Listed(TextsOfOthers),
        Holding(BareText()).Where(file => file.Split('/')[0] is not ("Cli" or "Client" or "Simulation")));

    private static string[] Listed(string list) => list.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static string[] Holding(Regex idiom) =>
    [
        .. Repository.Files("src", ".cs", ".razor", ".sql")
            .Where(file => !file.StartsWith("src/Storage/", StringComparison.Ordinal)
                && file != "src/Kernel/Result.cs" && idiom.IsMatch(Repository.Read(file)))
            .Select(file => file["src/".Length..]).Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"ExecuteReader(?:Async)?\(|NpgsqlDataReader|using Dapper;")]
    private static partial Regex Reader();

    [GeneratedRegex(@"[dD]b\s*\.(?:Scalar|Read|First|Single|Stream)Async\s*(?:<[^(]*>)?\(\s*(\$?""+[^;]*?""|\w+)")]
    private static partial Regex Answer();

    [GeneratedRegex(@"\bconnection\.ExecuteAsync\(")]
    private static partial Regex Writes();

    [GeneratedRegex(@"\b(?:insert\s+into|update\s+[a-z_.]+\s|delete\s+from)")]
    private static partial Regex Change();

    [GeneratedRegex("Sql\\.Read\\(\"([^\"]+)\"\\)")]
    private static partial Regex Embedded();

    [GeneratedRegex("\"text/(?:csv|plain|html|css|javascript|xml|markdown|yaml)\"")]
    private static partial Regex BareText();

    [GeneratedRegex("pg_(?:try_)?advisory")]
    private static partial Regex Lock();

    [GeneratedRegex("PeriodicTimer")]
    private static partial Regex Timer();

    [GeneratedRegex(@"Task\.Delay\(")]
    private static partial Regex Wait();

    // A parenthesis that no name stands before, a struct's members, or what a method hands out.
    [GeneratedRegex(@"\.BeginTransactionAsync\(")]
    private static partial Regex Begin();

    [GeneratedRegex(@"(?:^|[\s<(])\((?:[^()]|\([^()]*\))*?\bRefused\?[^()]*\)|\bout Refused\?"
        + @"|record struct \w+\([^)]*\bRefused\?", RegexOptions.Multiline)]
    private static partial Regex Tuple();
}
