using Stipend.Cli;
using Stipend.Host.Verbs;

return await CliModule.RunAsync(CliModule.Build(LocalVerbs.All()), args);
