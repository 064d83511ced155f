using System.CommandLine;
using Guerdon.Host.Database;
using Guerdon.Host.Running;
using Guerdon.Identity.Protection;
using Guerdon.Kernel;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Host.Verbs;

/// <summary>The verbs that this program runs itself, without a server to ask.</summary>
internal static class LocalVerbs
{
    public static IEnumerable<Command> All() =>
        [Serve.Verb(), DemoVerb.Verb(), YearVerb.Verb(), SandboxVerb.Verb(), Verify.Verb(), SealsVerb.Verb(),
            Migrate.Verb(), DbVerb.Verb(), AccountVerbs.Verb()];

    /// <summary>Runs a verb; what it cannot reach is said in one line.</summary>
    public static Verb Does(this Verb verb, Func<ParseResult, Output, CancellationToken, Task<int>> run)
    {
        verb.SetAction(async (parse, ct) =>
        {
            var output = Output.For(parse);
            try
            {
                return await run(parse, output, ct);
            }
            catch (Exception e) when (Expected(e) is not null)
            {
                return output.Refuse(Expected(e)!);
            }
        });
        return verb;
    }

    // Only what a machine, a setting or a database is to blame for. Anything else is a bug of
    // ours, and must look like one.
    private static Refused? Expected(Exception fault) => fault switch
    {
        DatabaseSetupException { InnerException: { } cause } when DatabaseFault.In(cause) is
        { Refusal: var refusal } changed && refusal == HostRefusals.DatabaseChanged => changed,
        DatabaseSetupException e => HostRefusals.NoDatabase.With(e.Message),
        KeyFileException e => HostRefusals.KeyFile.With(e.Message),
        ListenException e => HostRefusals.CannotListen.With(e.Message),
        UnauthorizedAccessException or IOException => HostRefusals.FileUnusable.With(fault.Message),
        _ when SettingFaults.In(fault) is { } wrong => HostRefusals.SettingInvalid.With(wrong),
        _ => DatabaseFault.In(fault),
    };
}
