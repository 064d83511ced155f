using Guerdon.Admin.Books;
using Guerdon.Admin.Overview;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Admin;

/// <summary>Registers the pages of those who run the programme.</summary>
public static class AdminModule
{
    public static IServiceCollection AddAdmin(this IServiceCollection services) =>
        services.AddSingleton<VerifyRun>().AddSingleton<Alarms>();
}
