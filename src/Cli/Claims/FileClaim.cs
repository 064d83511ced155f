using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Claims;

/// <summary><c>guerdon claim file RECEIPT</c>: asks back what one has paid oneself.</summary>
internal static class FileClaim
{
    public static Verb Build()
    {
        var receipt = Values.File("The receipt as PDF, PNG or JPEG, up to 5 MB");
        var vendor = Needed("--vendor", "Who was paid.", "NAME");
        var service = Needed("--service", "What was paid for, as the terms name it.", "NAME");
        var on = Needed("--on", "The day of the payment, as 2026-11-21.", "DATE");
        var amount = Needed("--amount", "How much, such as 20.00.", "AMOUNT");
        var currency = Needed("--currency", "In which currency, such as EUR.", "CODE");
        var purpose = Needed("--purpose", "What it was for.", "TEXT");
        return new Verb(
            "file", "Claim back what you paid for a service yourself, with the receipt.",
            "guerdon claim file receipt.pdf --vendor OpenAI --service \"ChatGPT Plus\" --on 2026-11-02 "
            + "--amount 20.00 --currency EUR --purpose \"Drafts for the launch\"")
        {
            receipt, vendor, service, on, amount, currency, purpose,
        }.Does(async (call, ct) =>
        {
            var answer = await call.PostFormAsync(
                "Filing the claim", "api/v1/claims", call.Value(receipt),
                [
                    ("vendor", call.Value(vendor)!), ("service", call.Value(service)!), ("spentOn", call.Value(on)!),
                    ("amount", call.Value(amount)!), ("currency", call.Value(currency)!),
                    ("purpose", call.Value(purpose)!),
                ], "receipt", ct);
            return call.Show(answer, reply =>
            {
                var claim = reply.GetProperty("claim");
                call.Output.Line(
                    $"{ReplyList.Text(claim, "id")} is filed: {ReplyList.Text(claim, "pays")} for "
                    + $"{ReplyList.Text(claim, "service")}.");
            });
        });
    }

    private static Option<string> Needed(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName, Required = true };
}
