using Guerdon.Kernel;
using Guerdon.Ledger;

namespace Guerdon.Gateway.Admission;

/// <summary>Admits calls: first within their key's budget, where it has one, then within their wallet.</summary>
internal sealed class CallAdmission(KeyBudgets budgets, WalletHolds wallets, TimeProvider clock)
{
    /// <summary>True where no call is in flight and nothing is on its way to or from the database.</summary>
    public bool IsQuiet => wallets.IsQuiet && budgets.UnderWay == 0;

    /// <inheritdoc cref="WalletHolds.OldestOpen"/>
    public DateTime OldestOpen() => wallets.OldestOpen();

    /// <summary>A call's hold, to be settled whatever happens, or why there is none.</summary>
    public ValueTask<Result<Hold>> AdmitAsync(PlannedCall call, CancellationToken ct) =>
        call.Key.Budget is null || call.IsZeroRated
            ? wallets.AdmitAsync(call, call.OutputCap, ct)
            : AdmitWithinBudgetAsync(call, ct);

    private async ValueTask<Result<Hold>> AdmitWithinBudgetAsync(PlannedCall call, CancellationToken ct)
    {
        if (!(await budgets.HoldAsync(call, ct)).Is(out var held, out var refused)) return refused;
        Hold? hold = null;
        try
        {
            var admitted = await wallets.AdmitAsync(held.Call!, held.OutputCap, ct);
            if (admitted.Is(out hold, out _)) hold.Budget = held.Budget;
            return admitted;
        }
        finally
        {
            // The wallet may have covered less of it, or nothing.
            held.Budget.Settle(held.Amount - (hold?.Amount ?? Tokens.Zero), Tokens.Zero, clock.GetTimestamp());
        }
    }

    /// <summary>Books what was charged and has waited for a window.</summary>
    public Task SettleDueAsync(CancellationToken ct) => wallets.SettleDueAsync(ct);

    /// <summary>Returns what nobody uses, and all of it where the node stops.</summary>
    public Task ReturnIdleAsync(bool all) =>
        Task.WhenAll(wallets.ReturnIdleAsync(all), budgets.ReturnIdleAsync(all));

    /// <summary>Returns what nobody holds of some wallets and of their keys' budgets.</summary>
    public Task ReturnAsync(IReadOnlySet<WalletId> those) =>
        Task.WhenAll(wallets.ReturnAsync(those), budgets.ReturnAsync(those));

    /// <summary>Forgets what this node held: it was taken for dead.</summary>
    public void Fence()
    {
        wallets.Fence();
        budgets.Fence();
    }
}
