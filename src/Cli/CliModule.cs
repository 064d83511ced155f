using System.CommandLine;
using Guerdon.Cli.Accounts;
using Guerdon.Cli.Approvals;
using Guerdon.Cli.Audit;
using Guerdon.Cli.Claims;
using Guerdon.Cli.Conversions;
using Guerdon.Cli.Gateway;
using Guerdon.Cli.Grants;
using Guerdon.Cli.Keys;
using Guerdon.Cli.Notices;
using Guerdon.Cli.Offers;
using Guerdon.Cli.Payroll;
using Guerdon.Cli.People;
using Guerdon.Cli.Plans;
using Guerdon.Cli.Prices;
using Guerdon.Cli.Providers;
using Guerdon.Cli.Sso;
using Guerdon.Cli.Usage;
using Guerdon.Cli.Wallets;
using Guerdon.Client;
using Guerdon.Client.Sessions;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli;

/// <summary>Builds the program's whole command line.</summary>
public static class CliModule
{
    /// <summary>The command <c>guerdon</c>: the verbs that Host runs itself, then those that ask a server.</summary>
    /// <param name="localVerbs">Each a <see cref="Verb"/>, so that its help has examples; listed first.</param>
    public static RootCommand Build(IEnumerable<Command> localVerbs) => Build(localVerbs, Surroundings.OfProcess);

    internal static RootCommand Build(IEnumerable<Command> localVerbs, Surroundings surroundings)
    {
        var root = new GuerdonCommand(surroundings);
        foreach (var verb in localVerbs) root.Add(verb);
        Command[] remote =
            [.. OfSessions(), .. OfAccounts(), .. OfPlans(), .. OfGateway(), .. OfPay(), .. OfReading()];
        foreach (var verb in remote) Add(root, verb);
        return root;
    }

    // A noun may have verbs of both kinds.
    private static void Add(GuerdonCommand root, Command verb)
    {
        if (root.Subcommands.FirstOrDefault(one => one.Name == verb.Name) is not { } noun) root.Add(verb);
        else foreach (var more in verb.Subcommands) noun.Add(more);
    }

    private static Command[] OfSessions() =>
    [
        LogIn.Build(), LogOut.Build(),
        new Verb("session", "See where you are signed in, and end that.")
        {
            SessionVerbs.BuildList(), SessionVerbs.BuildEnd(), SessionVerbs.BuildEndAll(),
        },
        new Verb("passkey", "See which passkeys open your account, and remove them.")
        {
            PasskeyVerbs.BuildList(), PasskeyVerbs.BuildRemove(),
        },
    ];

    private static Command[] OfAccounts() =>
    [
        new Verb("account", "Open and close accounts, and give and take roles.")
        {
            AccountVerbs.BuildOpen(), AccountVerbs.BuildReset(), AccountVerbs.BuildVouch(), AccountVerbs.BuildClose(),
            AccountVerbs.BuildRoles(), AccountVerbs.BuildShow(), ChangePassword.Build(),
            RoleVerbs.BuildGive(), RoleVerbs.BuildTake(), RoleVerbs.BuildRequests(), RoleVerbs.BuildApprove(),
            RoleVerbs.BuildDecline(),
        },
        new Verb("sso", "Set the company's OpenID providers, which people sign in with.")
        {
            SsoVerbs.BuildAdd(), SsoVerbs.BuildList(), SsoVerbs.BuildTest(), SsoVerbs.BuildApprove(),
            SsoVerbs.BuildDecline(), SsoVerbs.BuildRemove(),
        },
        new Verb("audit", "See who did what, and write it to a file.")
        {
            AuditVerbs.BuildList(), AuditVerbs.BuildExport(),
        },
    ];

    private static Command[] OfPlans() =>
    [
        new Verb("import", "Bring people or usage in from a CSV file.")
        {
            ImportPeople.Build(), ImportUsage.Build(),
        },
        new Verb("person", "See and change what is true of a person, and declare identities, such as badge numbers.")
        {
            ShowPerson.Build(), ShowHistory.Build(), ChangePerson.Build(), ChangeEmail.Build(),
            IdentityKindVerbs.BuildList(), IdentityKindVerbs.BuildDeclare(),
        },
        new Verb("plan", "Check, compare and apply compensation plans.")
        {
            CheckPlan.Build(), DiffPlan.Build(), ApplyPlan.Build(), ShowPlan.Build(), PlanHistory.Build(),
            ListPlans.Build(),
        },
        new Verb("vesting", "See what vests when; record and approve the events that vesting waits for.")
        {
            CheckVesting.Build(), VestingFactVerbs.BuildRecord(), VestingFactVerbs.BuildList(),
            VestingFactVerbs.BuildApprove(), VestingFactVerbs.BuildDecline(),
        },
        new Verb("grant", "Run grants, decide on them, and give awards.")
        {
            RunGrants.Build(), ListRuns.Build(), ShowRun.Build(), RunDecisionVerbs.BuildApprove(),
            RunDecisionVerbs.BuildDecline(), RunDecisionVerbs.BuildReverse(), GiveAward.Build(),
        },
        new Verb("departure", "See who leaves by the directory's word and what they lose by it, and decide it.")
        {
            DepartureVerbs.BuildList(), DepartureVerbs.BuildApprove(), DepartureVerbs.BuildDecline(),
            DepartureVerbs.BuildReturn(), DepartureVerbs.BuildHeld(),
        },
        new Verb("tier", "Ask for tiers, and review the evidence for them.")
        {
            TierVerbs.BuildRequest(), TierVerbs.BuildList(), TierVerbs.BuildApprove(), TierVerbs.BuildDecline(),
        },
        new Verb("phase", "Roll a plan out in phases, each with a report and a vote.")
        {
            PhaseVerbs.BuildList(), PhaseVerbs.BuildPropose(), PhaseVerbs.BuildVote(),
        },
    ];

    private static Command[] OfGateway() =>
    [
        new Verb("key", "Create, list and revoke personal keys.")
        {
            CreateKey.Build(), ListKeys.Build(), RevokeKey.Build(),
        },
        new Verb("price", "Import price lists, approve them, and calibrate the token value.")
        {
            ImportPrices.Build(), ShowProposal.Build(), ApproveProposal.Build(), DeclineProposal.Build(),
            ShowPriceIndex.Build(), ListProvisional.Build(),
        },
        new Verb("policy", "Decide what the gateway lets through.")
        {
            CheckPolicy.Build(), ApplyPolicy.Build(), ShowPolicy.Build(),
        },
        new Verb("provider", "Set, list, rotate and remove providers and the company's keys to them.")
        {
            SetProvider.Build(), ListProviders.Build(), RotateProvider.Build(), RemoveProvider.Build(),
        },
        new Verb("reconcile", "Compare providers' reports with what is booked, and correct estimated calls.")
        {
            ReconcileImport.Build(), ReconcilePreview.Build(), ReconcileReview.Build(), ReconcileApply.Build(),
            ReconcileDecline.Build(), ReconcileShow.Build(),
        },
        new Verb("gateway", "Close the gateway for everybody, open it again, and clear wallets that were stopped.")
        {
            GatewaySwitchVerbs.BuildClose(), GatewaySwitchVerbs.BuildOpen(), GatewayStopVerbs.BuildList(),
            GatewayStopVerbs.BuildClear(),
        },
    ];

    private static Command[] OfPay() =>
    [
        new Verb("offer", "Make offers, compare them, and share them with candidates.")
        {
            CreateOffer.Build(), ListOffers.Build(), ShowOffer.Build(), CompareOffers.Build(), LinkOffer.Build(),
            RevokeOfferLink.Build(), SaveOfferPdf.Build(), ShowListing.Build(),
        },
        new Verb("payroll", "Set how pay is run, and write payroll files and people's statements.")
        {
            CheckPayroll.Build(), ApplyPayroll.Build(), ExportPayroll.Build(), SavePayStatement.Build(),
            SaveRewards.Build(),
        },
        new Verb("gl", "Write the general ledger, and see what is owed for vested tokens.")
        {
            ExportGl.Build(), ShowAccruals.Build(),
        },
        new Verb("convert", "Convert reward tokens to money, days off or equity.")
        {
            QuoteConversion.Build(), RequestConversion.Build(), ListConversions.Build(),
            ApproveConversion.Build(), DeclineConversion.Build(), WithdrawConversion.Build(),
            ReverseConversion.Build(),
            new Verb("terms", "Check and apply the terms of conversion and of claims.")
            {
                CheckConversionTerms.Build(), ApplyConversionTerms.Build(),
                ListConversionTerms.Build(),
            },
        },
        new Verb("claim", "Claim back what you paid for a service yourself.")
        {
            FileClaim.Build(), ListClaims.Build(), ApproveClaim.Build(), DeclineClaim.Build(), SaveReceipt.Build(),
        },
        new Verb("pay", "See what goes to payroll.") { ListPayLines.Build() },
        new Verb("notice", "Choose which notices come by e-mail, and see and retry what failed.")
        {
            NoticeChoiceVerbs.BuildList(), NoticeChoiceVerbs.BuildChoose(),
            DeliveryVerbs.BuildList(), DeliveryVerbs.BuildAgain(),
        },
    ];

    // What only reads.
    private static Command[] OfReading() =>
    [
        ShowApprovals.Build(), ShowNotices.Build(),
        ShowWallet.Build(), ShowStatement.Build(), ListPeople.Build(), ListPrices.Build(), ShowOverview.Build(),
    ];

    // A value that a check cannot read is misuse too: the parser's own exceptions never get out.
    private static string? WrongIn(ParseResult parse)
    {
        try
        {
            var root = (GuerdonCommand)parse.RootCommandResult.Command;
            return FormerName.In(root.Surroundings) is { } former ? Clean.Line($"guerdon: {former}") : Misuse.In(parse);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or OverflowException)
        {
            return Clean.Line($"guerdon: {Misuse.Line(parse.CommandResult, e.Message)}");
        }
    }

    /// <summary>Parses and runs one command line. No expected failure throws, and none prints a trace.</summary>
    /// <param name="root">From <see cref="Build(IEnumerable{Command})"/>.</param>
    /// <param name="args">As <c>Main</c> has them.</param>
    /// <param name="results">Where results go; null: standard output.</param>
    /// <param name="messages">Where messages and progress go; null: standard error.</param>
    /// <param name="ct">Stops it, as Ctrl-C does.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        RootCommand root, IReadOnlyList<string> args, TextWriter? results = null, TextWriter? messages = null,
        CancellationToken ct = default)
    {
        var err = messages ?? Console.Error;
        // No response files, because a person's name may begin with an @.
        var parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (WrongIn(parse) is { } line)
        {
            await err.WriteLineAsync(line);
            return ExitCodes.Misused;
        }

        using var signals = new StopSignals();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, signals.Stop);
        var invocation = new StopSignals.Invocation(signals.Hurry)
        {
            Output = results ?? Console.Out, Error = err, EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals are ours: each verb stops in its own time
        };
        try
        {
            return await parse.InvokeAsync(invocation, either.Token);
        }
        catch (OperationCanceledException)
        {
            await err.WriteLineAsync("Stopped.");
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The last line of defence, so that a bug ends as one line, not as a trace.
            var isTold = Environment.GetEnvironmentVariable("GUERDON_DEBUG") is "1";
            await err.WriteLineAsync(Clean.Line($"guerdon failed: {e.GetType().Name}: {Wording.Sentence(e.Message)}"
                + (isTold ? "" : " That is a bug. GUERDON_DEBUG=1 shows where it lies.")));
            if (isTold) await err.WriteLineAsync(e.StackTrace);
            return ExitCodes.Refused;
        }
    }
}
