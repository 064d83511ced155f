using System.Text.Json;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Keys;

/// <summary><c>guerdon key revoke ID</c>: at once, and for good.</summary>
internal static class RevokeKey
{
    public static Verb Build()
    {
        var id = Values.Id("ID", "key", "guerdon key list");
        return new Verb(
            "revoke", "Revoke a key at once.", "guerdon key revoke key_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b") { id }
            .Does(async (call, ct) =>
            {
                var answer = await call.DeleteAsync(
                    "Revoking the key", $"api/v1/keys/{Uri.EscapeDataString(call.Value(id))}", ct);
                if (answer.No is { } no) return call.Output.Refuse(no);

                // 204 has no body, so that one is made: --json must give a document.
                var isEmpty = answer.Reply.ValueKind == JsonValueKind.Undefined;
                if (isEmpty) call.Output.Json(new { id = call.Value(id), revoked = true });
                else call.Output.Json(answer.Reply);
                call.Output.Line($"{call.Value(id)} is revoked.");
                return ExitCodes.Done;
            });
    }
}
