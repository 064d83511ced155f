using System.CommandLine;
using Stipend.Cli;
using Stipend.Host.Database;
using Stipend.Host.Protection;
using Stipend.Kernel;

namespace Stipend.Host.Verbs;

/// <summary>The verbs that this program runs itself, without a server to ask.</summary>
internal static class LocalVerbs
{
    public static IEnumerable<Command> All() =>
        [Serve.Verb(), Demo.DemoVerb.Verb(), Demo.YearVerb.Verb(), SandboxVerb.Verb(), Verify.Verb(), SealsVerb.Verb(),
            Migrate.Verb(),
            DbVerb.Verb(), AccountVerbs.Verb()];

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
            catch (DatabaseSetupException e)
            {
                return output.Refuse(HostRefusals.NoDatabase.With(e.Message));
            }
            catch (KeyFileException e)
            {
                return output.Refuse(HostRefusals.KeyFile.With(e.Message));
            }
            catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
            {
                return output.Refuse(HostRefusals.CannotListen.With(e.Message));
            }
        });
        return verb;
    }
}
