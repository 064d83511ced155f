using System.Net;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Tests;

namespace Guerdon.Database.Metering;

/// <summary>What a preview asks for is looked at without changing anything, and declined or withdrawn with a reason.
/// </summary>
public sealed class DeclineTests : ReconciliationScene
{
    private const string Bob = "admin:bob", Cy = "admin:cy", Why = "The report is of other keys.";

    private static readonly string AdaHerself = $"admin:ada:prs_{Ada.Value:N}";

    // Ada's estimate was too low, so that she is charged more by it.
    private async Task<JsonElement> ChargedAsync()
    {
        await GrantAsync(Ada, 100_000_000, 20_000_000);
        await BookAsync(Ada, Use(1_000, 100));
        await ImportAsync(Report(5_000, 0, 100));
        return await PreviewAsync();
    }

    private async Task<JsonElement> AskedAsync()
    {
        await GrantAsync(Ada, 100_000_000, 20_000_000);
        await GrantAsync(Bo, 100_000_000, 20_000_000);
        await BookAsync(Ada, Use(30_000, 3_000));
        await BookAsync(Bo, Use(10_000, 1_000));
        await ImportAsync(Report(20_000, 8_000, 1_000));
        return await PreviewAsync();
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> DeclineAsync(
        JsonElement preview, string caller, string? reason = Why, string? digest = null) =>
        Company.PostAsync($"{Path}/{Id(preview)}/decline", new { reason, digest }, caller);

    private async Task<JsonElement> ReviewAsync(JsonElement preview, string caller = Bob)
    {
        var (status, reply) = await Company.GetAsync($"{Path}/{Id(preview)}", caller);
        Assert.True(status == HttpStatusCode.OK, reply.ToString());
        return reply;
    }

    private static string Id(JsonElement preview) => preview.GetProperty("id").GetString()!;

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static (HttpStatusCode, string) Code((HttpStatusCode Status, JsonElement Body) answer) =>
        (answer.Status, Text(answer.Body, "title"));

    [Fact]
    public async Task Review_WhatWaits_ShowsWhatWasShownAndWritesNothing()
    {
        var preview = await AskedAsync();
        var before = await DatabaseState.ReadAsync(Company.Db, Ct);
        var review = await ReviewAsync(preview);
        Assert.Equal(before, await DatabaseState.ReadAsync(Company.Db, Ct));

        foreach (var member in (string[])["id", "refundMilli", "chargeMilli", "from", "to", "windows", "corrections"])
            Assert.Equal($"{preview.GetProperty(member)}", $"{review.GetProperty(member)}");
        Assert.Equal(2, review.GetProperty("corrections").GetArrayLength());
        Assert.Equal(
            await Company.TextAsync("select encode(content, 'hex') from metering.reconciliation"),
            Text(review, "digest"));
        Assert.Equal(("waiting", true, true), (
            Text(review, "state"), review.GetProperty("isCurrent").GetBoolean(),
            review.GetProperty("youMay").GetBoolean()));
        Assert.False((await ReviewAsync(preview, "admin")).GetProperty("youMay").GetBoolean()); // they asked

        var (_, inbox) = await Company.GetAsync("/api/v1/approvals", Bob);
        var item = Assert.Single(inbox.GetProperty("items").EnumerateArray());
        var shown = await LookTests.WritesNothingAsync(Company, item, Bob);
        Assert.Contains(Text(review, "digest"), shown, StringComparison.Ordinal);
        Assert.Contains("2 calls of openai", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Review_OtherCallsThanShown_SaysSoAndShowsNoOthers()
    {
        var preview = await AskedAsync();
        await BookAsync(Ada, Use(10, 1));
        var review = await ReviewAsync(preview);
        Assert.Equal((false, 0, 2), (review.GetProperty("isCurrent").GetBoolean(),
            review.GetProperty("corrections").GetArrayLength(), review.GetProperty("calls").GetInt32()));
        Assert.Equal(Number(preview, "refundMilli"), Number(review, "refundMilli"));
    }

    [Theory]
    [InlineData(Bob)] // another declines
    [InlineData("admin")] // whoever asked withdraws
    public async Task Decline_WhatWaits_IsOnRecordAndNothingIsCorrected(string decliner)
    {
        var preview = await AskedAsync();
        var spent = (await SpentAsync(Ada), await SpentAsync(Bo));

        var (status, declined) = await DeclineAsync(preview, decliner);

        Assert.True(status == HttpStatusCode.OK, declined.ToString());
        Assert.Equal((true, Why), (declined.GetProperty("done").GetBoolean(), Text(declined, "reason")));
        Assert.Equal((null, null), (await InboxAsync(preview), await InboxAsync(preview, Bob)));
        Assert.Null(await UnappliedAsync());
        Assert.Equal(spent, (await SpentAsync(Ada), await SpentAsync(Bo)));
        Assert.Equal(0, await Company.ScalarAsync("select count(*) from metering.correction"));
        var review = await ReviewAsync(preview);
        Assert.Equal(("declined", Why), (Text(review, "state"), Text(review, "reason")));

        var again = await DeclineAsync(preview, decliner, "Another reason.");
        Assert.Equal((HttpStatusCode.OK, Why), (again.Status, Text(again.Body, "reason")));
        Assert.Equal((HttpStatusCode.Conflict, "metering.reconciliation_declined"),
            Code(await DeclineAsync(preview, Cy)));
        var applied = await ApplyAsync(preview);
        Assert.Equal((HttpStatusCode.Conflict, "metering.reconciliation_declined"), Code(applied));
        Assert.Contains(Why, Text(applied.Body, "detail"), StringComparison.Ordinal);

        // Asked for again, it waits again, and can be applied.
        Company.Clock.Now += TimeSpan.FromMinutes(1);
        var next = await PreviewAsync();
        Assert.NotEqual(Id(preview), Id(next));
        Assert.Equal((false, true), (await InboxAsync(next), await InboxAsync(next, Bob)));
        Assert.Equal(HttpStatusCode.OK, (await ApplyAsync(next)).Status);
        Assert.Equal((HttpStatusCode.Conflict, "metering.reconciliation_applied"), Code(await DeclineAsync(next, Bob)));
        Assert.Equal("applied", Text(await ReviewAsync(next), "state"));
        Assert.Empty(await VerifyAsync());

        await Company.TamperAsync("update metering.reconciliation_declined set reason = 'Another'");
        Assert.Contains(
            await VerifyAsync(), f => f.StartsWith("metering.reconciliation_declined", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Decline_OfWhatIsApplied_IsFoundByVerify()
    {
        Assert.Equal(HttpStatusCode.OK, (await ApplyAsync(await AskedAsync())).Status);
        await Company.TamperAsync("""
            set session_replication_role = replica;
            insert into metering.reconciliation_declined (
                reconciliation_id, reason, declined_by, declined_at, withdrawn)
            select reconciliation_id, 'No', 'x', now(), false from metering.reconciliation
            """);
        Assert.Contains(
            await VerifyAsync(), f => f.Contains("both applied and declined", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Decline_WithoutReasonOrOnSomethingElse_IsRefused()
    {
        var preview = await AskedAsync();
        var digest = Text(await ReviewAsync(preview), "digest");
        foreach (var reason in (string?[])[null, " ", new('x', 1_001)])
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "metering.reason_invalid"),
                Code(await DeclineAsync(preview, Bob, reason)));
        var other = new string('0', 64);
        Assert.Equal((HttpStatusCode.Conflict, "metering.reconciliation_differs"),
            Code(await DeclineAsync(preview, Bob, digest: other)));
        Assert.Equal((HttpStatusCode.Conflict, "metering.reconciliation_differs"), Code(await Company.PostAsync(
            $"{Path}/{Id(preview)}/apply", new { digest = other }, Bob)));
        foreach (var path in (string[])[$"rec_{Guid.NewGuid():N}", "x"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Company.GetAsync($"{Path}/{path}", Bob)).Status);
            Assert.Equal(HttpStatusCode.NotFound,
                (await Company.PostAsync($"{Path}/{path}/decline", new { reason = Why }, Bob)).Status);
        }

        Assert.True(await InboxAsync(preview, Bob));
        Assert.Equal(HttpStatusCode.OK, (await DeclineAsync(preview, Bob, digest: digest)).Status);
    }

    // What would charge them further is not theirs to stop.
    [Fact]
    public async Task Decline_ByWhoseCallsAloneTheyAre_IsRefused()
    {
        var preview = await ChargedAsync();
        Assert.Equal(
            (HttpStatusCode.Forbidden, "metering.own_approval"), Code(await DeclineAsync(preview, AdaHerself)));
        Assert.True(await InboxAsync(preview, Bob));

        var review = await ReviewAsync(preview, AdaHerself);
        Assert.Equal((true, false, false), (
            review.GetProperty("isCurrent").GetBoolean(), review.GetProperty("youMay").GetBoolean(),
            review.GetProperty("youMayDecline").GetBoolean()));
        Assert.Equal((HttpStatusCode.Forbidden, "metering.own_approval"), Code(await ApplyAsync(preview, AdaHerself)));
    }

    // Nor is it by asking for the same days, which hides what was asked for before, and withdrawing that.
    [Fact]
    public async Task Withdraw_OnesOwnPreview_LeavesTheChargeWaiting()
    {
        var charge = await ChargedAsync();
        Company.Clock.Now += TimeSpan.FromMinutes(1);
        var hers = await PreviewAsync(AdaHerself);
        Assert.NotEqual(Id(charge), Id(hers));
        Assert.Null(await InboxAsync(charge, Bob));

        Assert.Equal(HttpStatusCode.OK, (await DeclineAsync(hers, AdaHerself)).Status);

        Assert.True(await InboxAsync(charge, Bob));
        Assert.Equal(("openai", 1), await UnappliedAsync());
        Assert.Equal(HttpStatusCode.OK, (await ApplyAsync(charge)).Status);
        Assert.Null(await UnappliedAsync());
    }

    [Fact]
    public async Task Withdraw_OfOverlappingDays_LeavesWhatAnotherAskedFor()
    {
        var anns = await AskedAsync();
        Company.Clock.Now += TimeSpan.FromMinutes(1);
        var bobs = await PreviewAsync(Bob);
        Assert.Equal((null, true), (await InboxAsync(anns, Cy), await InboxAsync(bobs, Cy)));

        Assert.Equal(HttpStatusCode.OK, (await DeclineAsync(bobs, Bob)).Status);

        Assert.Equal((true, null), (await InboxAsync(anns, Cy), await InboxAsync(bobs, Cy)));
        Assert.Equal(("openai", 2), await UnappliedAsync());
    }

    // Their own of before is not what they ask for any more, and what another declines is closed for both.
    [Theory]
    [InlineData("admin", "admin")]
    [InlineData(Bob, Cy)]
    public async Task Decline_OfTheNewest_LeavesNothingToWait(string asker, string decliner)
    {
        var before = await AskedAsync();
        Company.Clock.Now += TimeSpan.FromMinutes(1);
        await BookAsync(Ada, Use(5_000, 500));
        var newest = await PreviewAsync(asker);
        Assert.NotEqual(Id(before), Id(newest));

        Assert.Equal(HttpStatusCode.OK, (await DeclineAsync(newest, decliner)).Status);

        Assert.Equal((null, null), (await InboxAsync(before, "admin:dan"), await InboxAsync(newest, "admin:dan")));
        Assert.Null(await UnappliedAsync());
    }

    // Each waits for the other to commit, and then finds what it did.
    [Theory]
    [InlineData("reconciliation_applied", "applied_by, applied_at, applied_alone, set_aside", "'x', now(), false, 0")]
    [InlineData("reconciliation_declined", "declined_by, declined_at, reason, withdrawn", "'x', now(), 'y', false")]
    public async Task Decide_WhileAnotherDecides_OneIsDone(string table, string columns, string values)
    {
        var preview = await AskedAsync();
        await using var other = await Company.Db.OpenConnectionAsync(Ct);
        await using var transaction = await other.BeginTransactionAsync(Ct);
        await using (var command = other.CreateCommand())
        {
            command.CommandText = $"""
                insert into metering.{table} (reconciliation_id, {columns})
                select reconciliation_id, {values} from metering.reconciliation
                """;
            await command.ExecuteNonQueryAsync(Ct);
        }

        var (decline, apply) = (DeclineAsync(preview, Bob), ApplyAsync(preview, Cy));
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        Assert.False(decline.IsCompleted || apply.IsCompleted);
        await transaction.CommitAsync(Ct);

        Assert.Equal((HttpStatusCode.Conflict, $"metering.{table}"), Code(await decline));
        Assert.Equal((HttpStatusCode.Conflict, $"metering.{table}"), Code(await apply));
        Assert.Equal(1, await Company.ScalarAsync("select count(*) from metering.v_reconciliation_decision"));
    }
}
