using System.Text.RegularExpressions;

namespace Guerdon.Unit.Architecture;

/// <summary>
/// What every module needs has one home: rows, locks and timers are Storage's, a refusal comes back in a
/// <c>Result</c> (docs/adr/0041-one-way-to-read-rows.md). Files that are still to be converted are listed; a list only
/// ever gets shorter.
/// </summary>
public sealed partial class IdiomTests
{
    private const string StillReadByHand = """
        Gateway/Admission/BudgetStore.cs Gateway/Admission/EscrowReader.cs Gateway/Admission/NodeLease.cs
        Gateway/Admission/Reclaim.cs Gateway/Admission/VerifyBudgets.cs Gateway/Keys/CreateKey.cs
        Gateway/Keys/KeyRing.cs Gateway/Keys/ListKeys.cs Gateway/Keys/RevokeKey.cs Gateway/Stops/StopStore.cs
        Grants/Phases/PhaseGate.cs Grants/Runs/ChunkContent.cs Grants/Runs/GrantLines.cs Grants/Runs/GrantReversal.cs
        Grants/Runs/Rollover.cs Grants/Runs/RunContext.cs Grants/Runs/VerifyGrants.cs Grants/Tiers/TierRequests.cs
        Grants/Vesting/VestingFactStore.cs Host/Database/Migrator.cs Host/Database/PrivateCluster.cs
        Host/Simulated/DemoAccounts.cs Identity/Accounts/AccountDirectory.cs Identity/Protection/DataKeys.cs
        Identity/Tokens/ApiTokens.cs Ledger/Accounts/Balances.cs Ledger/Audit/CatalogueVerify.cs
        Ledger/Audit/GuardedRows.cs Ledger/Audit/LedgerVerify.cs Ledger/Audit/SavedSeals.cs Ledger/Audit/SealTables.cs
        Ledger/Audit/Seals.cs Ledger/Audit/WalletCheck.cs Ledger/Lots/WalletLots.cs Ledger/Statements/Statement.cs
        Ledger/Transfers/WalletReader.cs Metering/Reconciliation/ApplyCorrections.cs
        Metering/Reconciliation/CorrectionTransfers.cs Metering/Reconciliation/CorrectionVerify.cs
        Metering/Reconciliation/JournalReader.cs Metering/Reconciliation/ListProvisional.cs
        Metering/Reconciliation/ShowReconciliation.cs
        Metering/Requests/ClosingWriter.cs Metering/Requests/MeteringAlarms.cs Metering/Requests/OpenRequests.cs
        Metering/Rollups/GetOverview.cs Metering/TokenValue/Basket.cs Metering/UsageImports/ImportReader.cs
        Metering/Verification/MeteringVerify.cs Notices/NoticeWriter.cs Payroll/Conversions/ConversionReversal.cs
        Payroll/PayProofs/PayLineProof.cs Payroll/PayProofs/VerifyPayLines.cs
        """;

    private const string StillLockByHand = """
        Grants/Vesting/VestingFactStore.cs Host/Database/Migrator.cs Identity/Protection/DataKeys.cs
        Ledger/Audit/Seals.cs
        """;

    private const string StillReturnTuples = """
        Dialects/Anthropic/AnthropicDialect.cs Dialects/Calls/CallReader.cs
        Dialects/Calls/Dialect.cs Dialects/Gemini/GeminiDialect.cs Dialects/Gemini/GeminiPaths.cs
        Dialects/Gemini/GeminiReader.cs Dialects/OpenAi/OpenAiDialect.cs Gateway/Admission/Hold.cs
        Gateway/Admission/KeyBudgets.cs Gateway/Forwarding/CallIntake.cs Gateway/Forwarding/CallShares.cs
        Gateway/Forwarding/CallerBody.cs Gateway/Forwarding/ListModels.cs Gateway/Forwarding/ModelRules.cs
        Gateway/Keys/CreateKey.cs Grants/Phases/PhaseGate.cs Grants/Phases/VotePhase.cs Grants/Tiers/TierRequests.cs
        Grants/Vesting/VestingFact.cs Grants/Vesting/VestingFactStore.cs Ledger/Transfers/PostingRules.cs
        Metering/Reconciliation/ApplyCorrections.cs Metering/UsageImports/UsageImporter.cs
        Metering/UsageImports/UsageMap.cs Payroll/Claims/ClaimDecisions.cs Payroll/Conversions/ConversionDecisions.cs
        Policies/RateCounters.cs Relay/Callers/Inflation.cs Tuning/CreateJob.cs Tuning/ServeJobs.cs
        Tuning/TuningBody.cs Tuning/TuningEscrow.cs Tuning/TuningPrices.cs Tuning/TuningUpstream.cs
        Tuning/UploadForm.cs
        """;

    // Each waits once, or for what is no failure: a time limit beside a task, a fault that the sandbox acts out, the
    // next look at what another does.
    private const string WaitByThemselves = """
        Cli/Grants/RunVerbs.cs Gateway/Admission/AdmissionLoop.cs Gateway/Forwarding/ForwardCall.cs
        Grants/Runs/RunWork.cs Host/Database/PrivateCluster.cs Host/Running/Server.cs Sandbox/Answers/Exchange.cs
        Sandbox/OpenAi/TuningJobs.cs Sandbox/Replies/EventStream.cs Sandbox/Replies/JsonReply.cs
        Simulation/GrantRuns.cs Terminal/Writing/Progress.cs Tuning/TuningEscrow.cs Web/Forms/FormAnswers.cs
        Web/Wallets/LiveWallet.cs
        """;

    // Each tries again after a failure with a wait of its own, and is to use Backoff.
    private const string StillTryAgainByHand = """
        Gateway/Admission/EscrowDraws.cs Gateway/Admission/KeyBudgets.cs Gateway/Stops/WalletStops.cs
        Metering/Requests/ClosingWriter.cs
        """;

    [Fact]
    public void Rows_AreReadByStorage() => Assert.Equal(Listed(StillReadByHand), Holding(Reader()));

    [Fact]
    public void Locks_AreTakenByStorage() => Assert.Equal(Listed(StillLockByHand), Holding(Lock()));

    [Fact]
    public void Timers_AreStorages() => Assert.Equal(
        ["Gateway/Admission/AdmissionLoop.cs", "Notices/Deliveries/NoticeSender.cs"], Holding(Timer()));

    [Fact]
    public void Waits_AreStorages() => Assert.Equal(
        Listed($"{WaitByThemselves} {StillTryAgainByHand}").Order(StringComparer.Ordinal), Holding(Wait()));

    [Fact]
    public void Refusals_ComeBackAsResults() => Assert.Equal(Listed(StillReturnTuples), Holding(Tuple()));

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

    private static string[] Listed(string list) => list.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static string[] Holding(Regex idiom) =>
    [
        .. Repository.Files("src", ".cs", ".razor", ".sql")
            .Where(file => !file.StartsWith("src/Storage/", StringComparison.Ordinal)
                && file != "src/Kernel/Result.cs" && idiom.IsMatch(Repository.Read(file)))
            .Select(file => file["src/".Length..]).Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"ExecuteReaderAsync|NpgsqlDataReader|using Dapper;")]
    private static partial Regex Reader();

    [GeneratedRegex("pg_(?:try_)?advisory")]
    private static partial Regex Lock();

    [GeneratedRegex("PeriodicTimer")]
    private static partial Regex Timer();

    [GeneratedRegex(@"Task\.Delay\(")]
    private static partial Regex Wait();

    // A parenthesis that no name stands before, a struct's members, or what a method hands out.
    [GeneratedRegex(@"(?:^|[\s<(])\((?:[^()]|\([^()]*\))*?\bRefused\?[^()]*\)|\bout Refused\?"
        + @"|record struct \w+\([^)]*\bRefused\?", RegexOptions.Multiline)]
    private static partial Regex Tuple();
}
