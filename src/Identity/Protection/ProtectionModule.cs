using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Guerdon.Identity.Protection;

/// <summary>What is stored encrypted, and by which keys.</summary>
internal static class ProtectionModule
{
    /// <exception cref="KeyFileException">The key file is no good; the message says what to do.</exception>
    public static void AddProtection(this IHostApplicationBuilder builder)
    {
        var file = builder.Configuration[KeyFile.Setting];
        var seal = string.IsNullOrEmpty(file) ? null : new RingSeal(KeyFile.Read(file));
        var services = builder.Services;
        services.AddSingleton(new RingProtection(seal));
        services.AddDataProtection().SetApplicationName("guerdon");
        services.AddSingleton<DataKeys>().AddSingleton(all => new SecretSafe(
            all.GetRequiredService<IDataProtectionProvider>(), all.GetRequiredService<RingProtection>()));
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(all => all.GetRequiredService<DataKeys>());
    }

    /// <summary>Before the first use, and whenever the program starts.</summary>
    /// <exception cref="KeyFileException">The ring needs another key file.</exception>
    public static Task PrepareProtectionAsync(this WebApplication app, CancellationToken ct) =>
        app.Services.GetRequiredService<DataKeys>().PrepareAsync(
            app.Services.GetRequiredService<IDataProtectionProvider>(), ct);
}
