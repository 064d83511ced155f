using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Forms;

/// <summary>Registers what forms of pages need, and stands before them.</summary>
public static class FormsModule
{
    public static IServiceCollection AddForms(this IServiceCollection services) =>
        services.AddSingleton<FormTokens>().AddSingleton<FormTurns>();

    /// <summary>Each form once, answered by a redirect. After sign-in and all checks of what a form says.</summary>
    public static void UseForms(this IApplicationBuilder app) => app.UseMiddleware<FormAnswers>();
}
