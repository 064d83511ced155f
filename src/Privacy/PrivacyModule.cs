using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guerdon.Privacy;

/// <summary>Registers works-council mode. Which sums are shown is <see cref="Groups"/>, which needs nothing.</summary>
public static class PrivacyModule
{
    public static void AddPrivacy(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PrivacyOptions>().BindConfiguration(PrivacyOptions.Section);
        builder.Services.AddSingleton<CouncilMode>();
    }

    /// <summary>Switches the mode where the settings that this node starts with say otherwise than before. Before the
    /// first call.</summary>
    public static Task PreparePrivacyAsync(this WebApplication app, CancellationToken ct) =>
        app.Services.GetRequiredService<CouncilMode>().ApplyAsync(ct);
}
