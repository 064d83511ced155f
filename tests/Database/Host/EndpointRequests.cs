using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Guerdon.Database.Host;

/// <summary>What an endpoint is sent by the walks: its own form of request, with one thing in it that is odd.</summary>
internal sealed class EndpointRequests(Uri address)
{
    private static readonly (string Name, string Value)[] Claim =
    [
        ("vendor", "OpenAI"), ("service", "ChatGPT Plus"), ("spentOn", "2026-11-21"), ("amount", "20.00"),
        ("currency", "EUR"), ("purpose", "Drafts"), ("@receipt", "%PDF-1.4\n%%EOF\n"),
    ];

    /// <summary>Whether a status says that something broke. 501 says that it is never served: SCIM's <c>/Me</c>.
    /// </summary>
    public static bool IsFault(int status) => status is >= 500 and not 501;

    public IEnumerable<Func<HttpRequestMessage>> RequestsOf(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"];
        methods = [.. methods.Where(method => method != "CONNECT")]; // which a client sends to proxies only
        var query = ParametersOf(endpoint).ToList();
        foreach (var method in methods)
        {
            var path = PathOf(endpoint.RoutePattern, null, null);
            var known = QueryOf(query, null, null);
            foreach (var name in endpoint.RoutePattern.Parameters.Select(p => p.Name))
                foreach (var edge in EdgeValues.InAddresses)
                    yield return Make(method, PathOf(endpoint.RoutePattern, name, edge) + known);
            foreach (var name in query)
                foreach (var edge in EdgeValues.InAddresses)
                    yield return Make(method, path + QueryOf(query, name, edge));
            foreach (var odd in EdgeValues.QueriesOf(query)) yield return Make(method, path + odd);
            if (method is "GET" or "HEAD" or "DELETE") continue;
            foreach (var (body, media) in BodiesOf(endpoint))
                yield return Make(method, path + known, body, media);
        }
    }

    /// <summary>A body by which nothing is done: JSON that cannot be read, or for what takes forms one without fields,
    /// since anything else is answered before it is asked who sends it.</summary>
    public static HttpContent Nothing(RouteEndpoint endpoint, string json = "{") =>
        endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is { } takes
            && takes.ContentTypes.Contains("application/x-www-form-urlencoded")
            ? new FormUrlEncodedContent([]) : new StringContent(json, Encoding.UTF8, "application/json");

    private static IEnumerable<(byte[] Body, string? Media)> BodiesOf(RouteEndpoint endpoint)
    {
        var type = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        foreach (var body in EdgeValues.Bodies) yield return (body, type is null ? "text/plain" : "application/json");
        foreach (var (parts, media) in EdgeValues.Parts) yield return (Encoding.UTF8.GetBytes(parts), media);
        if (endpoint.RoutePattern.RawText == "/api/v1/claims")
            foreach (var form in EdgeValues.FormsOf(Claim))
                yield return (Encoding.UTF8.GetBytes(form), "multipart/form-data; boundary=b");
        foreach (var media in EdgeValues.MediaTypes) yield return ("{\"a\":1}"u8.ToArray(), media);
        if (type is not null && type != typeof(IFormCollection))
            foreach (var json in EdgeValues.JsonOf(type))
                yield return (Encoding.UTF8.GetBytes(json), "application/json");
        if (type is not null || ExampleOf(endpoint.RoutePattern.RawText!) is not { } text) yield break;
        foreach (var changed in EdgeValues.TextsOf(text)) yield return (Encoding.UTF8.GetBytes(changed), "text/plain");
        foreach (var changed in EdgeValues.BytesOf(text)) yield return (changed, "text/plain");
    }

    private static string? ExampleOf(string route)
    {
        const string usage = "at,in,out\n2026-11-01T09:30:00Z,100,50\n1793525400,10,5\n";
        const string vesting = """
            {"object_type":"VESTING_TERMS","id":"t","name":"t","description":"","allocation_type":"CUMULATIVE_ROUNDING",
             "vesting_conditions":[{"id":"s","quantity":"0","trigger":{"type":"VESTING_START_DATE"},
             "next_condition_ids":["m"]},{"id":"m","portion":{"numerator":"1","denominator":"48"},"trigger":
             {"type":"VESTING_SCHEDULE_RELATIVE","period":{"type":"MONTHS","length":1,"occurrences":48,
             "day_of_month":"01"},"relative_to_condition_id":"s"},"next_condition_ids":[]}]}
            """;
        const string report = """
            {"object":"page","data":[{"object":"bucket","start_time":1793404800,"end_time":1793491200,"results":[
             {"object":"organization.usage.completions.result","input_tokens":10,"output_tokens":5,
              "input_cached_tokens":1,"num_model_requests":1,"model":"gpt-4o"}]}],"has_more":false}
            """;
        const string prices = "model,provider,input,output,context_tokens\nm-1,openai,1.5,3,1000\n";
        return route switch
        {
            _ when route.Contains("plans", StringComparison.Ordinal) => Read("plan-full.yaml"),
            _ when route.Contains("gateway-policy", StringComparison.Ordinal) => Read("policy.yaml"),
            _ when route.Contains("payroll", StringComparison.Ordinal) => Read("payroll.yaml"),
            _ when route.Contains("conversion-terms", StringComparison.Ordinal) => Read("conversion.yaml"),
            _ when route.Contains("offers", StringComparison.Ordinal) => Read("offer.yaml"),
            _ when route.Contains("people/import", StringComparison.Ordinal) => Read("people.csv"),
            _ when route.Contains("awards/import", StringComparison.Ordinal) =>
                $"person,award,amount_usd,reason\n{RunningApp.Person},star,250.50,Shipped\n",
            _ when route.Contains("usage/import", StringComparison.Ordinal) => usage,
            _ when route.Contains("vesting/check", StringComparison.Ordinal) => vesting,
            _ when route.Contains("reconciliation/reports", StringComparison.Ordinal) => report,
            _ when route.Contains("prices/proposals", StringComparison.Ordinal) => prices,
            _ => null,
        };

        static string Read(string name) => File.ReadAllText(RunningApp.Example(name));
    }

    // Names that a handler or a page takes from the query, its parameter objects' members too.
    public static IEnumerable<string> ParametersOf(RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is { } page)
            return page.Type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
                .Select(p => (p.Name, Query: p.GetCustomAttribute<SupplyParameterFromQueryAttribute>()))
                .Where(p => p.Query is not null).Select(p => p.Query!.Name ?? p.Name);
        var inPath = endpoint.RoutePattern.Parameters.Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var handler = endpoint.Metadata.GetMetadata<MethodInfo>();
        var names = (handler?.GetParameters() ?? []).SelectMany(p =>
            p.GetCustomAttribute<AsParametersAttribute>() is null
                ? IsValue(p.ParameterType) ? [p.Name!] : []
                : p.ParameterType.GetProperties().Where(m => IsValue(m.PropertyType)).Select(m => m.Name));
        return names.Select(n => char.ToLowerInvariant(n[0]) + n[1..]).Where(n => !inPath.Contains(n));

        static bool IsValue(Type type) => type == typeof(string) || type == typeof(string[])
            || (Nullable.GetUnderlyingType(type) ?? type) is { IsPrimitive: true }
                or { Name: "DateOnly" or "DateTimeOffset" };
    }

    public static IEnumerable<(string Name, Type Type)> DatesOf(MethodInfo handler, Type? body)
    {
        var members = handler.GetParameters().Where(p => p.GetCustomAttribute<AsParametersAttribute>() is not null)
            .Select(p => p.ParameterType).Append(body).OfType<Type>().SelectMany(t => t.GetProperties())
            .Select(m => (m.Name, Type: m.PropertyType));
        return handler.GetParameters().Select(p => (Name: p.Name!, Type: p.ParameterType)).Concat(members)
            .Select(p => (char.ToLowerInvariant(p.Name[0]) + p.Name[1..], Nullable.GetUnderlyingType(p.Type) ?? p.Type))
            .Where(p => p.Item2 == typeof(DateOnly) || p.Item2 == typeof(DateTimeOffset));
    }

    public static string With(string sample, string name, string value)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(sample)!;
        json[name] = value;
        return json.ToJsonString();
    }

    public static string QueryOf(List<string> names, string? one, string? edge)
    {
        var pairs = names.Select(n => (n, Value: n == one ? edge : EdgeValues.Known(n)))
            .Where(p => p.Value is not null)
            .Select(p => $"{p.n}={(p.n == one ? p.Value : Uri.EscapeDataString(p.Value!))}").ToList();
        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);
    }

    public static string PathOf(RoutePattern pattern, string? one, string? edge)
    {
        var path = new StringBuilder();
        foreach (var segment in pattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
                path.Append(part switch
                {
                    RoutePatternLiteralPart literal => literal.Content,
                    RoutePatternParameterPart p when p.Name == one => edge,
                    RoutePatternParameterPart p => Uri.EscapeDataString(IdIn(pattern.RawText!, p.Name)),
                    _ => "x",
                });
        }

        return path.Length == 0 ? "/" : path.ToString();
    }

    private static string IdIn(string route, string name)
    {
        if (name is not ("id" or "token" or "link")) return EdgeValues.Known(name) ?? "1";
        var prefixes = new (string In, string Prefix)[]
        {
            ("grants/runs", "run"), ("proposals", "ppl"), ("reconciliation", "rec"), ("conversions", "cnv"),
            ("pay-lines", "pay"), ("claims", "clm"), ("keys", "key"), ("tiers", "trq"), ("facts", "vfa"),
            ("links", "lnk"), ("tokens", "tok"), ("role-requests", "rol"), ("sso/requests", "sso"),
            ("passkeys", "psk"),
        };
        var prefix = prefixes.FirstOrDefault(p => route.Contains(p.In, StringComparison.Ordinal)).Prefix ?? "x";
        return $"{prefix}_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b";
    }

    public Func<HttpRequestMessage> Make(
        string method, string target, byte[]? body = null, string? media = null) => () =>
    {
        // As it stands: a Uri would mend what is wrong with it.
        var raw = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var server = address.GetLeftPart(UriPartial.Authority);
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server + target, raw));
        if (body is null) return request;
        request.Content = new ByteArrayContent(body);
        if (media is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", media);
        return request;
    };

    public static async Task<string> BodyOfAsync(HttpRequestMessage request) => request.Content is null ? ""
        : $"[{request.Content.Headers.ContentType}] "
            + Short(Encoding.UTF8.GetString(await request.Content.ReadAsByteArrayAsync()));

    public static string Short(string text) => text.Length > 400 ? text[..400] + "…" : text;
}
