using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Kernel;
using Guerdon.Notices.Choices;
using Guerdon.Notices.Deliveries;
using Guerdon.Notices.Email;
using Guerdon.Notices.Webhook;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Guerdon.Notices;

/// <summary>Registers the module's services and maps its routes.</summary>
public static class NoticesModule
{
    /// <summary>Before every module that gives notices: from the first one on they must know by which channels.
    /// </summary>
    public static void AddNotices(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(new NoticeLinks(null));
        services.AddSingleton<ILinkNotices, LinkNotices>().AddSingleton<IAccountNotices, AccountNotices>();
        services.AddOptions<NoticeOptions>()
            .BindConfiguration(NoticeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<EmailOptions>()
            .BindConfiguration(EmailOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<EmailOptions>, EmailRules>();
        if (builder.Configuration[$"{EmailOptions.Section}:{nameof(EmailOptions.Server)}"] is { Length: > 0 })
            services.AddSingleton<INoticeChannel, EmailChannel>();
        services.AddOptions<WebhookOptions>()
            .BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookRules>();
        if (builder.Configuration[$"{WebhookOptions.Section}:{nameof(WebhookOptions.Address)}"] is { Length: > 0 })
            services.AddSingleton<INoticeChannel, WebhookChannel>();
        services.AddSingleton(Off);
        services.AddSingleton<NoticeSender>();
        services.AddHostedService(provider => provider.GetRequiredService<NoticeSender>());
    }

    private static NoticesOff Off(IServiceProvider provider)
    {
        var off = new List<string>();
        if (provider.GetRequiredService<IOptions<EmailOptions>>().Value.Off) off.Add(NoticeChannels.Email);
        if (provider.GetRequiredService<IOptions<WebhookOptions>>().Value.Off) off.Add(NoticeChannels.Webhook);
        return new(off);
    }

    public static void MapNotices(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/api/v1/people/{personOrEmail}").WithTags("Pay");
        own.MapGet("/notices", GetNotices.Handle).RequireAuthorization(Permissions.NoticesRead);
        own.MapPost("/notices/seen", SeeNotices.Handle).RequireAuthorization(Permissions.NoticesWrite);
        own.MapGet("/notices/choices", GetChoices.Handle).RequireAuthorization(Permissions.NoticesRead);
        own.MapPut("/notices/choices", ChooseNotices.Handle).RequireAuthorization(Permissions.NoticesWrite);
        var deliveries = routes.MapGroup("/api/v1/notices/deliveries").WithTags("Notices");
        deliveries.MapGet("", ListDeliveries.Handle).RequireAuthorization(Permissions.DeliveriesRead);
        deliveries.MapPost("/again", SendAgain.Handle).RequireAuthorization(Permissions.DeliveriesSend);
    }
}
