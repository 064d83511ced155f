using Guerdon.Cli;
using Guerdon.Host.Verbs;

return await CliModule.RunAsync(CliModule.Build(LocalVerbs.All()), args);
