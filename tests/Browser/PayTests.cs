using System.Text;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Payroll.Terms;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Npgsql;

namespace Guerdon.Browser;

/// <summary>From reward tokens and a receipt to pay lines, as a person and an administrator click it.</summary>
public sealed class PayTests(Site site)
{
    private const string Femi = "femi@example.com";

    private const string Terms = """
        effective_from: 2024-01-01
        notice_days: 14
        lock: 7d
        approval: required
        windows:
          - name: all year
            yearly_from: 01-01
            yearly_to: 12-31
        cash:
          rates: {EUR: 0.00092}
          reason: Round figures for a test.
        claims:
          services: [ChatGPT Plus]
          within_days: 90
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Convert_QuoteRequestApprove_EndsInALineThatReAddsAndANotice()
    {
        await RewardAsync();
        await using (var own = await site.OpenAsync(Femi, "/convert"))
        {
            await own.Page.GetByLabel("Tokens").FillAsync("5432.1");
            await own.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).PressAsync("Enter");
            await Assertions.Expect(own.Page.Locator("#quote")).ToContainTextAsync("4.99 EUR");
            await Assertions.Expect(own.Page.Locator("#quote")).ToContainTextAsync("8.186 stay tokens");
            await LookAsync(own, "convert-quote");
            await own.Page.GetByRole(AriaRole.Button, new() { Name = "Ask for this conversion" }).PressAsync("Enter");
            await own.Page.GetByText("locked", new() { Exact = true }).WaitForAsync();
            await LookAsync(own, "convert-locked");
        }

        await using (var admin = await site.OpenAsync(Company.Admin, "/admin/conversions"))
        {
            await LookAsync(admin, "admin-conversions");
            await admin.Page.GetByRole(AriaRole.Button, new() { Name = $"Approve 4.99 EUR for {Femi}" })
                .PressAsync("Enter");
            await admin.Page.GetByText("settled", new() { Exact = true }).WaitForAsync();
        }

        await using var window = await site.OpenAsync(Femi);
        await Assertions.Expect(window.Page.Locator("#notices")).ToContainTextAsync("4.99 EUR will be paid");
        await LookAsync(window, "wallet-notice");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Mark as seen" }).PressAsync("Enter");
        await window.Page.Locator("#notices").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        await window.Page.GotoAsync("/convert");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Details of 4.99 EUR" }).ClickAsync();
        await window.Page.GetByText("These rows re-add to the line.").WaitForAsync();
        var rows = await window.Page.Locator("[data-milli]").EvaluateAllAsync<long[]>(
            "cells => cells.map(c => Number(c.dataset.milli))");
        Assert.Equal(5_423_914, rows.Sum());
        await LookAsync(window, "pay-line");
    }

    [Fact]
    public async Task Claim_FiledTwice_IsRefusedAndDeclinedWithAReason()
    {
        await ApplyAsync();
        var receipt = Encoding.ASCII.GetBytes($"%PDF-1.7 {Guid.NewGuid()}");
        await using (var own = await site.OpenAsync(Femi, "/claims"))
        {
            await FileAsync(own, receipt);
            await Assertions.Expect(own.Page.Locator("form .check")).ToContainTextAsync("Filed: 20.00 EUR");
            await FileAsync(own, receipt);
            await Assertions.Expect(own.Page.Locator("#claim-problem"))
                .ToContainTextAsync("The receipt is in your claim");
            await LookAsync(own, "claims");
        }

        await using (var admin = await site.OpenAsync(Company.Admin, "/admin/claims"))
        {
            await admin.Page.Locator("summary", new() { HasText = "Decline" }).First.PressAsync("Enter");
            await admin.Page.GetByLabel("Why").First.FillAsync("It is of another month.");
            await LookAsync(admin, "admin-claims");
            await admin.Page.GetByRole(AriaRole.Button, new() { Name = $"Decline: 20.00 EUR for {Femi}" })
                .First.PressAsync("Enter");
            await admin.Page.GetByText("It is of another month.").First.WaitForAsync();
        }

        await using var window = await site.OpenAsync(Femi, "/claims");
        await window.Page.GetByText("It is of another month.").WaitForAsync();
        await FileAsync(window, [.. "%PDF-1.7 "u8, .. new byte[2 << 20]]); // larger than other pages take
        await Assertions.Expect(window.Page.Locator("form .check")).ToContainTextAsync("Filed: 20.00 EUR");
    }

    private static async Task FileAsync(Window window, byte[] receipt)
    {
        await window.Page.GetByLabel("Paid to").FillAsync("OpenAI");
        await window.Page.GetByLabel("On", new() { Exact = true }).FillAsync(
            DateTime.UtcNow.AddDays(-3).ToString("yyyy-MM-dd", null));
        await window.Page.GetByLabel("Amount").FillAsync("20.00");
        await window.Page.GetByLabel("What for").FillAsync("Drafts");
        await window.Page.Locator("#receipt").SetInputFilesAsync(
            new FilePayload { Name = "receipt.pdf", MimeType = "application/pdf", Buffer = receipt });
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "File claim" }).PressAsync("Enter");
    }

    private static async Task LookAsync(Window window, string name)
    {
        foreach (var (look, width, colours) in ((string, int, ColorScheme)[])
            [("light", 1280, ColorScheme.Light), ("dark", 1280, ColorScheme.Dark), ("phone", 360, ColorScheme.Light)])
        {
            await window.Page.SetViewportSizeAsync(width, 860);
            await window.Page.EmulateMediaAsync(new() { ColorScheme = colours });
            await window.PictureAsync($"{name}-{look}");
            var wrong = await window.Page.EvaluateAsync<string[]>(LookTests.Audit);
            Assert.True(wrong.Length == 0, $"{name}, {look}: {string.Join("; ", wrong)}");
        }

        await window.Page.SetViewportSizeAsync(1280, 860);
        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    private async Task ApplyAsync()
    {
        var db = site.Services.GetRequiredService<NpgsqlDataSource>();
        await using var connection = await db.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await ConversionTermsStore.LockAsync(connection, Ct);
        if (await ConversionTermsStore.NewestAsync(connection, Ct) is { Yaml: Terms }) return;
        await ConversionTermsStore.AddAsync(
            connection, ConversionTermsFile.ReadApplied(Terms), Terms, Actor.Guerdon, TimeProvider.System, Ct);
        await transaction.CommitAsync(Ct);
    }

    private async Task RewardAsync()
    {
        await ApplyAsync();
        var (ledger, pool) = (site.Services.GetRequiredService<LedgerWriter>(), new WalletId(Guid.NewGuid()));
        Assert.True((await ledger.PostAsync(new()
        {
            Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool, Asset = Asset.Reward,
            Amount = new(10_000_000), Key = $"reward:{pool}",
        }, Ct)).Done);
        Assert.True((await ledger.PostAsync(new()
        {
            Kind = TransferKind.Grant, Wallet = pool, To = new WalletId(site.Company.Ids[Femi]), Asset = Asset.Reward,
            Amount = new(10_000_000), Key = "reward", NewLot = new("convertible_cash", "a saving", null),
        }, Ct)).Done);
    }
}
