namespace Stipend.Bench;

internal static class GatewayBench
{
    public static Task<int> RunAsync(bool quick) => Task.FromResult(quick ? 1 : 0);
}
