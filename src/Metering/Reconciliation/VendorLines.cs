namespace Guerdon.Metering.Reconciliation;

/// <summary>What each provider calls what. Each token ends in exactly one class.</summary>
internal static class VendorLines
{
    private const decimal Dollar = 1_000_000_000, Cent = Dollar / 100;

    // Input includes what came from the cache, so that is subtracted; audio is counted beside it.
    public static ReportLine OpenAiUsage(ReportFields line)
    {
        var (input, cached) = (line.Count("input_tokens"), line.CountOrNull("input_cached_tokens") ?? 0);
        if (cached > input) line.Wrong($"has {cached} cached tokens among {input} input tokens.");
        return new()
        {
            Model = line.Text("model"), KeyId = line.Text("api_key_id"), ProjectId = line.Text("project_id"),
            UserId = line.Text("user_id"), Tier = line.Text("service_tier"), IsBatch = line.IsTrue("batch"),
            Requests = line.CountOrNull("num_model_requests"), Input = input - cached, CachedInput = cached,
            Output = line.CountOrNull("output_tokens") ?? 0,
            OtherTokens =
                (line.CountOrNull("input_audio_tokens") ?? 0) + (line.CountOrNull("output_audio_tokens") ?? 0),
        };
    }

    // In dollars. Only where it is a model's has the item the form "model, class".
    public static ReportLine OpenAiCost(ReportFields line)
    {
        var item = line.Text("line_item");
        var (nanos, text) = (0L, "");
        if (line.Inside("amount") is { } amount)
        {
            (nanos, text) = amount.Money("value", Dollar);
            CheckCurrency(amount);
        }
        else
        {
            line.Wrong("has no amount with a value.");
        }

        var comma = item?.LastIndexOf(", ", StringComparison.Ordinal) ?? -1;
        return new()
        {
            Model = comma > 0 ? item![..comma] : null, KeyId = line.Text("api_key_id"),
            ProjectId = line.Text("project_id"), Item = item, AmountNanos = nanos, Amount = text,
        };
    }

    public static ReportLine AnthropicUsage(ReportFields line)
    {
        var writes = line.Inside("cache_creation");
        var tier = line.Text("service_tier");
        return new()
        {
            Model = line.Text("model"), KeyId = line.Text("api_key_id"), WorkspaceId = line.Text("workspace_id"),
            UserId = line.Text("account_id"), Tier = tier, ContextWindow = line.Text("context_window"),
            IsBatch = tier == "batch", Input = line.Count("uncached_input_tokens"),
            CachedInput = line.CountOrNull("cache_read_input_tokens") ?? 0,
            CacheWrite5m = writes?.CountOrNull("ephemeral_5m_input_tokens") ?? 0,
            CacheWrite1h = writes?.CountOrNull("ephemeral_1h_input_tokens") ?? 0, Output = line.Count("output_tokens"),
        };
    }

    // Cents as decimal text, unlike OpenAI's dollars: so a cent has to become a hundredth first.
    public static ReportLine AnthropicCost(ReportFields line)
    {
        CheckCurrency(line);
        var (nanos, text) = line.Money("amount", Cent);
        var tier = line.Text("service_tier");
        return new()
        {
            Model = line.Text("model"), WorkspaceId = line.Text("workspace_id"), Tier = tier, IsBatch = tier == "batch",
            ContextWindow = line.Text("context_window"), Item = line.Text("description"), AmountNanos = nanos,
            Amount = text,
        };
    }

    private static void CheckCurrency(ReportFields of)
    {
        if (of.Text("currency") is not { } currency || !currency.Equals("usd", StringComparison.OrdinalIgnoreCase))
            of.Wrong("must be in USD.");
    }
}
