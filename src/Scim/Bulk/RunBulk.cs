using System.Globalization;
using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Discovery;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Filters;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Guerdon.Scim.Bulk;

/// <summary>Several operations in one request, each in a transaction of its own.</summary>
internal static class RunBulk
{
    private const string Schema = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

    internal static async Task<IResult> Handle(
        HttpContext http, BulkResources resources, TimeProvider clock, ILogger<BulkRun> log, CancellationToken ct)
    {
        if (!(await WireJson.ReadAsync(http.Request, ct)).Is(out var body, out var unread)) return unread.ToScim();
        if (ValueReader.Named(body, "Operations") is not JsonArray { Count: > 0 } sent)
            return ScimRefusals.SyntaxInvalid.With("Operations is not a list of at least one operation.").ToScim();
        if (sent.Count > Descriptions.MostOperations)
            return ScimRefusals.TooMany.With($"The request has {Wording.Count(sent.Count, "operation")}; "
                + $"{Descriptions.MostOperations} are the most.").ToScim();
        if (!MostErrors(body, out var most))
            return ScimRefusals.ValueInvalid.With("failOnErrors is not a whole number above 0.").ToScim();

        BulkOperation[] operations = [.. sent.Select(BulkOperation.Of)];
        var outcomes = await new BulkRun(operations, resources, Actor.Of(http.User), most, clock, log).RunAsync(ct);
        var address = ScimAddress.Of(http);
        return new ScimAnswer(StatusCodes.Status200OK, new JsonObject
        {
            ["schemas"] = new JsonArray(Schema),
            ["Operations"] = new JsonArray([.. operations.Zip(outcomes)
                .Where(each => each.Second is not null)
                .Select(each => Said(each.First, each.Second!, address))]),
        });
    }

    private static bool MostErrors(JsonObject body, out int? most)
    {
        most = null;
        if (FilterMatch.TextOf(ValueReader.Named(body, "failOnErrors")) is not { } text) return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            return false;
        most = number;
        return true;
    }

    private static JsonObject Said(BulkOperation operation, BulkOutcome outcome, string address)
    {
        var said = new JsonObject { ["method"] = operation.Method };
        if (operation.BulkId is not null) said["bulkId"] = operation.BulkId;
        if (outcome.Version is { } version) said["version"] = Versions.ETag(version);
        if (outcome.Place is not null) said["location"] = address + outcome.Place;
        else if (operation.Method != "POST") said["location"] = $"{address}/{operation.Path.Trim('/')}";
        said["status"] = outcome.Status.ToString(CultureInfo.InvariantCulture);
        if (outcome.Refused is not null) said["response"] = ScimError.Body(outcome.Refused);
        return said;
    }
}
