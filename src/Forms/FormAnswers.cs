using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.SignIn;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Guerdon.Forms;

/// <summary>
/// POST, redirect, GET for every page, and each form once. A form that comes is spent, its page is drawn and stored
/// sealed, and the browser is sent (303) to fetch it, which works once. A second press, F5 or a step back is sent to
/// the same place and does nothing. See docs/adr/0034-forms.md.
/// </summary>
internal sealed class FormAnswers(
    RequestDelegate next, FormTokens tokens, FormTurns turns, IOptions<AntiforgeryOptions> antiforgery,
    TimeProvider clock)
{
    /// <summary>The part of a page's query that names an answer, or why there is none.</summary>
    public const string Query = "done";

    // What a form began is finished whether or not the browser waits, so this only bounds what never ends.
    private static readonly TimeSpan WorkLasts = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan WaitFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>After sign-in, antiforgery and the checks of what a form says.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        // Only pages of accounts: the candidate's page and sign-in have no form that changes anything.
        var isPage = http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
        if (!isPage || Access.AccountOf(http.User) is not { } account) return next(http);
        if (HttpMethods.IsPost(http.Request.Method)) return PostAsync(http, account);
        return HttpMethods.IsGet(http.Request.Method) && http.Request.Query[Query] is [{ Length: > 0 } named]
            ? GetAsync(http, account, named) : next(http);
    }

    private async Task PostAsync(HttpContext http, Guid account)
    {
        if (!await MaySendAsync(http))
        {
            await http.ForbidAsync();
            return;
        }

        if (await MustConfirmAsync(http))
        {
            // Before its turn is spent, so that the same form is taken afterwards.
            RefusedForm.Say(http, StatusCodes.Status403Forbidden);
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = ConfirmForm.AddressFor(PageOf(http));
            return;
        }

        var place = default(string);
        // Registered first, since callbacks run last first: a page's own word on its status is about the page, not
        // about this answer.
        http.Response.OnStarting(() =>
        {
            if (place is not null) http.Response.StatusCode = StatusCodes.Status303SeeOther;
            return Task.CompletedTask;
        });
        place = await TakeAsync(http, account);
        http.Response.Headers.ContentType = default;
        http.Response.ContentLength = null;
        http.Response.Headers.Location = place;
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
    }

    // Before anything is spent. What cannot be read is refused in its turn.
    private static async Task<bool> MaySendAsync(HttpContext http)
    {
        if (http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false }) return true;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return FormNeedsAttribute.AreMet(http, form[FormTokens.FormNameField].ToString());
    }

    private async Task<bool> MustConfirmAsync(HttpContext http)
    {
        if (http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false }) return false;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return FormNeedsAttribute.ApprovesMoney(http, form[FormTokens.FormNameField].ToString())
            && !Access.IsConfirmed(http.User, clock.GetUtcNow());
    }

    private async Task<string> TakeAsync(HttpContext http, Guid account)
    {
        if (http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } token)
        {
            if (token.Error?.InnerException is BadHttpRequestException tooLarge) throw tooLarge;
            return Refused(http, FormNote.Stale, StatusCodes.Status400BadRequest);
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (tokens.Read(form, account) is not { } turn)
            return Refused(http, FormNote.Old, StatusCodes.Status400BadRequest);
        return await turns.TakeAsync(turn, CancellationToken.None) switch
        {
            FormTurns.Taken.Now => await WorkAsync(http, turn.Id),
            FormTurns.Taken.TooMany => Refused(http, FormNote.TooMany, StatusCodes.Status429TooManyRequests),
            _ => (await turns.FindAsync(turn.Id, account, CancellationToken.None))?.GoesTo
                ?? Here(http, WebEncoders.Base64UrlEncode(turn.Id)),
        };
    }

    private async Task<string> WorkAsync(HttpContext http, byte[] id)
    {
        using var work = new CancellationTokenSource(WorkLasts, clock);
        http.RequestAborted = work.Token;
        var wire = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var page = new MemoryStream();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(page, wire));
        try
        {
            await next(http);
        }
        finally
        {
            http.Features.Set(wire);
        }

        var response = http.Response;
        var elsewhere = response.StatusCode is StatusCodes.Status302Found or StatusCodes.Status303SeeOther
            ? response.Headers.Location.ToString() : null;
        // The framework's bare answer where the form is no longer on its page, since somebody else was first.
        var isGone = elsewhere is null && response.StatusCode == StatusCodes.Status400BadRequest;
        var answer = elsewhere is null && !isGone && http.Request.Cookies[CookieName] is { Length: > 0 } cookie
            ? SealedPage.Seal(page.GetBuffer().AsSpan(0, (int)page.Length), cookie, id) : null;
        if (elsewhere?.StartsWith(ConfirmForm.Path, StringComparison.Ordinal) == true)
            RefusedForm.Say(http, StatusCodes.Status403Forbidden);
        if (isGone) RefusedForm.Say(http, StatusCodes.Status409Conflict);
        var place = elsewhere ?? Here(http, isGone ? FormNote.Gone : WebEncoders.Base64UrlEncode(id));
        await turns.AnswerAsync(id, place, answer, work.Token);
        return place;
    }

    private async Task GetAsync(HttpContext http, Guid account, string named)
    {
        if (FormNote.IsWord(named)) FormNote.Set(http, named, at: null);
        else if (IdOf(named) is { } id && await LookAsync(id, account, http.RequestAborted) is { } known)
        {
            var whole = known.Waits ? await turns.FetchAsync(id, account, http.RequestAborted) : null;
            if (whole is not null && SealedPage.Open(whole, http.Request.Cookies[CookieName], id) is { } page)
            {
                http.Response.ContentType = "text/html; charset=utf-8";
                http.Response.ContentLength = page.Length;
                await http.Response.Body.WriteAsync(page, http.RequestAborted);
                return;
            }

            FormNote.Set(http, known.Answered ? FormNote.Shown : FormNote.Open, known.TakenAt);
        }

        await next(http);
    }

    // A second press may come while the first is worked on, so its answer is waited for, a while.
    private async Task<FormTurns.Known?> LookAsync(byte[] id, Guid account, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        var known = await turns.FindAsync(id, account, ct);
        while (known is { Answered: false } && clock.GetUtcNow() - known.TakenAt < WorkLasts
            && clock.GetElapsedTime(start) < WaitFor)
        {
            await Task.Delay(LookEvery, clock, ct);
            known = await turns.FindAsync(id, account, ct);
        }

        return known;
    }

    private string CookieName => antiforgery.Value.Cookie.Name!;

    private static byte[]? IdOf(string named)
    {
        try
        {
            return named.Length == 43 && WebEncoders.Base64UrlDecode(named) is { Length: 32 } id ? id : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string PageOf(HttpContext http) => http.Request.Path.ToUriComponent()
        + QueryString.Create(http.Request.Query.Where(q => q.Key != Query));

    private static string Refused(HttpContext http, string why, int status)
    {
        RefusedForm.Say(http, status);
        return Here(http, why);
    }

    private static string Here(HttpContext http, string named) => http.Request.Path.ToUriComponent()
        + QueryString.Create(http.Request.Query.Where(q => q.Key != Query)).Add(Query, named);
}
