using Guerdon.Kernel;
using Guerdon.Web.Shared;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Guerdon.Host.Inputs;

/// <summary>
/// The one place for what every address, query and form may say, whichever endpoint it is for; <see
/// cref="InputFilter"/> does the same for what handlers are given. Text that PostgreSQL or JSON cannot hold is refused
/// here, and a request that cannot be read gets words and a next step.
/// </summary>
internal static class InputGuard
{
    /// <summary>Around whatever reads forms: a charset that does not exist, or that is not safe to read, of the body
    /// or of a part of it; and a form that ends before its end.</summary>
    public static async Task RefuseUnreadable(HttpContext http, RequestDelegate next)
    {
        try
        {
            if (MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && type.Charset.HasValue
                && !IsCharset(type))
                await SayAsync(http, InputRefusals.MediaTypeUnknown.With($"There is no charset '{type.Charset}'."));
            else await next(http);
        }
        catch (Exception e) when (!http.Response.HasStarted && OfForm(http, e) is not null)
        {
            await SayAsync(http, OfForm(http, e)!);
        }
    }

    // Only what the framework's readers of forms throw: an exception of our own must never be blamed on the form.
    private static Refused? OfForm(HttpContext http, Exception e) => !http.Request.HasFormContentType ? null : e switch
    {
        NotSupportedException { Source: "System.Private.CoreLib" } =>
            InputRefusals.MediaTypeUnknown.With("A part of the form has a charset that is not read."),
        IOException { Source: "Microsoft.AspNetCore.WebUtilities" } and not BadHttpRequestException =>
            InputRefusals.RequestInvalid.With("The form ends before its last part does."),
        _ => null,
    };

    /// <summary>After the endpoint is known and forms are read.</summary>
    public static async Task Refuse(HttpContext http, RequestDelegate next)
    {
        try
        {
            if (Unreadable(http) is { } unreadable) await SayAsync(http, unreadable);
            else if (await FaultAsync(http) is { } fault)
                await SayAsync(http, InputRefusals.TextInvalid.With(fault));
            else await next(http);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await SayAsync(http, BadRequests.Of(e));
        }
        catch (InvalidDataException e) when (!http.Response.HasStarted) // a form with too many fields, or too long ones
        {
            await SayAsync(http, InputRefusals.RequestInvalid.With(e.Message));
        }
    }

    /// <summary>Writes a refusal as the caller expects it: a page, or ProblemDetails.</summary>
    public static Task SayAsync(HttpContext http, Refused refused)
    {
        if (!PageErrors.WantsPage(http)) return RefusalForm.Of(http, refused).ExecuteAsync(http);

        // The page is shown in place of what was posted: it must not read a form that cannot be read.
        http.Features.Set<IAntiforgeryValidationFeature>(null);
        (http.Request.Method, http.Request.ContentType) = (HttpMethods.Get, null);
        var page = new RazorComponentResult<RefusalPage>(new { refused.Refusal, refused.Detail });
        page.StatusCode = refused.Refusal.Status;
        return page.ExecuteAsync(http);
    }

    /// <summary>Words for an answer that is a status alone.</summary>
    public static Task SayStatusAsync(StatusCodeContext status)
    {
        var http = status.HttpContext;
        if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError) return Task.CompletedTask;
        var refusal = InputRefusals.OfStatus(http.Response.StatusCode);
        return SayAsync(http, refusal.With($"{http.Request.Method} {http.Request.Path} was answered "
            + $"{http.Response.StatusCode}."));
    }

    // A form whose fields cannot be decoded.
    private static Refused? Unreadable(HttpContext http) =>
        FormOf(http) is { IsValid: false, Error: { InnerException: InvalidDataException e } }
            ? InputRefusals.RequestInvalid.With($"The form cannot be read: {e.Message}") : null;

    private static bool IsCharset(MediaTypeHeaderValue type)
    {
        try
        {
            return type.Encoding is not null;
        }
        catch (NotSupportedException) // UTF-7, which is not safe to read
        {
            return false;
        }
    }

    private static IAntiforgeryValidationFeature? FormOf(HttpContext http) =>
        http.Features.Get<IAntiforgeryValidationFeature>();

    private static async Task<string?> FaultAsync(HttpContext http)
    {
        foreach (var (name, value) in http.Request.RouteValues)
            if (value is string text && Fault(name, text) is { } wrong) return wrong;
        foreach (var (name, values) in http.Request.Query)
            if (Fault(name, values) is { } wrong) return wrong;

        // Only where a form is expected: any other body is its endpoint's to read. One without its token is not read at
        // all, its endpoint refuses it.
        var isForm = http.GetEndpoint()?.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: true }
            && FormOf(http) is not { IsValid: false } && http.Request.HasFormContentType;
        if (!isForm) return null;
        foreach (var (name, values) in await http.Request.ReadFormAsync(http.RequestAborted))
            if (Fault(name, values) is { } wrong) return wrong;
        return null;
    }

    private static string? Fault(string name, StringValues values)
    {
        if (InputText.Fault(name) is { } inName) return $"The name of a field {inName}";
        foreach (var value in values)
            if (value is not null && InputText.Fault(value, InputText.MostFormChars) is { } fault)
                return $"{name} {fault}";
        return null;
    }
}
