using Guerdon.Identity.Accounts;
using Guerdon.Identity.External;
using Guerdon.Kernel;
using Guerdon.Passkeys.Ceremonies;
using Guerdon.Passkeys.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Passkeys;

/// <summary>Passkeys: which an account has, signing in by one, and showing by one who one is.</summary>
public static class PasskeysModule
{
    private const string Required = "required";

    /// <summary>After Identity; Host gives <see cref="PasskeyAddress"/>.</summary>
    public static void AddPasskeys(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddIdentityCore<Account>().AddUserStore<PasskeyStore>();
        services.AddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<PasskeyAddress>(Configure);
        services.AddSingleton<Challenges>().AddSingleton<PasskeyAnswers>().AddSingleton(all => new OwnPasskeys(
            all.GetRequiredService<NpgsqlDataSource>(), all.GetRequiredService<IAccountNotices>(),
            all.GetRequiredService<PasskeyAddress>(), all.GetRequiredService<TimeProvider>()));
        // What is refused is an act; the framework would log it too.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Identity", LogLevel.None);
    }

    /// <summary>What programs ask.</summary>
    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/api/v1/passkeys").RequireAuthorization(Permissions.AccountUse)
            .WithTags("Sign-in");
        own.MapGet("", ListPasskeys.Handle);
        own.MapDelete("/{passkey}", RemovePasskey.Handle);
    }

    /// <summary>The forms of pages, and what their script asks for.</summary>
    public static void MapPasskeyForms(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("").ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(PasskeyAnswers.MostBodyBytes));
        var signIn = all.MapGroup(SignInByPasskey.Path).AllowAnonymous();
        signIn.MapPost("/options", SignInByPasskey.Ask).WithMetadata(ForPrograms.Mark);
        signIn.MapPost("", SignInByPasskey.Handle)
            .WithMetadata(ExternalSessions.ActMark, ExternalSessions.FormMark(SignInByPasskey.Again));
        var confirm = all.MapGroup(ConfirmByPasskey.Path).RequireAuthorization(Permissions.AccountUse);
        confirm.MapPost("/options", ConfirmByPasskey.Ask).WithMetadata(ForPrograms.Mark);
        confirm.MapPost("", ConfirmByPasskey.Handle)
            .WithMetadata(ExternalSessions.FormMark(ConfirmByPasskey.Again));
        var recent = ExternalSessions.StepUp("This adds a passkey, which opens the account");
        var add = all.MapGroup(AddPasskey.Path).RequireAuthorization(Permissions.AccountUse).WithMetadata(recent);
        add.MapPost("/options", AddPasskey.Ask).WithMetadata(ForPrograms.Mark);
        add.MapPost("", AddPasskey.Handle).WithMetadata(ExternalSessions.FormMark(AddPasskey.Again));
    }

    private static void Configure(IdentityPasskeyOptions options, PasskeyAddress address)
    {
        options.ServerDomain = address.Domain ?? "passkeys.invalid"; // never what a request says
        options.ValidateOrigin = asked => ValueTask.FromResult(
            address.Domain is not null && asked is { CrossOrigin: false } && asked.Origin == address.Origin);
        options.UserVerificationRequirement = Required;
        options.ResidentKeyRequirement = Required;
        options.AttestationConveyancePreference = "none";
        options.AuthenticatorTimeout = Challenges.For;
    }
}
