using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Guerdon.Kernel;

/// <summary>Who runs the programme, as far as approvals need to know it. Implemented above, where accounts
/// are.</summary>
public interface IAdministrators
{
    /// <summary>How many people may run the programme; accounts of one person are one.</summary>
    Task<int> CountAsync(CancellationToken ct);

    /// <summary>The person whose account somebody has, as it is now: an account may become a person's after a deed of
    /// its; null: nobody's.</summary>
    Task<Guid?> PersonOfAsync(Actor actor, CancellationToken ct);
}

/// <summary>How decisions are made.</summary>
public sealed class ApprovalOptions
{
    public const string Section = "Approvals";

    /// <summary>Whether a company's only administrator may approve what they asked for themselves, saying so each time.
    /// Never what pays them.</summary>
    public bool LoneAdministrator { get; set; }
}

/// <summary>What one administrator asks for, another decides. The one exception is explicit: a company's only
/// administrator decides alone where the setting allows it and they say so, and that is on record.</summary>
public sealed class FourEyes(IAdministrators administrators, IOptions<ApprovalOptions> options)
{
    /// <summary>A decision that somebody wants to make.</summary>
    /// <param name="By">Who decides.</param>
    /// <param name="Asker">Who asked for it.</param>
    /// <param name="Asked">What they did, for the refusal: <c>ann@example.com prepared run_…</c>, without a full
    /// stop.</param>
    /// <param name="Alone">Whether the decider says that they decide alone.</param>
    public readonly record struct Wanted(Actor By, Actor Asker, string Asked, bool Alone);

    /// <summary>Whether they may.</summary>
    /// <param name="No">Why not, in words; null: they may.</param>
    /// <param name="Alone">They asked for it themselves, and decide it under the exception.</param>
    public readonly record struct Answer(string? No, bool Alone);

    /// <summary>Whether somebody may decide what somebody asked for.</summary>
    public async Task<Answer> OfAsync(Wanted wanted, CancellationToken ct)
    {
        if (!await AreOneAsync(wanted.By, wanted.Asker, ct)) return new(null, Alone: false);
        if (await administrators.CountAsync(ct) > 1)
            return new($"{wanted.Asked}, so that another administrator must decide.", Alone: false);
        if (!options.Value.LoneAdministrator)
            return new($"{wanted.Asked}, and there is no other administrator. 'guerdon account create' on the server's "
                + "machine makes one; or the setting Approvals:LoneAdministrator lets the only one decide alone.",
                Alone: false);
        return wanted.Alone
            ? new(null, Alone: true)
            : new($"{wanted.Asked}. As the only administrator, say that you decide alone: \"alone\": true, or "
                + "--alone.", Alone: false);
    }

    /// <summary>Somebody with the person whose account they have by now.</summary>
    public async Task<Actor> KnownAsync(Actor actor, CancellationToken ct) => actor.Person is not null ? actor
        : actor with { Person = await administrators.PersonOfAsync(actor, ct) };

    /// <summary>Whether two are one and the same, by whichever account.</summary>
    public async Task<bool> AreOneAsync(Actor one, Actor other, CancellationToken ct) =>
        one.Is(other) || (await KnownAsync(one, ct)).Is(await KnownAsync(other, ct));

    /// <summary>Whether the only administrator may decide alone at all.</summary>
    public async Task<bool> AllowsAloneAsync(CancellationToken ct) =>
        options.Value.LoneAdministrator && await administrators.CountAsync(ct) <= 1;
}

/// <summary>Registers what decides who may decide; every module with decisions asks for it.</summary>
public static class Approvals
{
    public static void AddApprovals(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ApprovalOptions>().BindConfiguration(ApprovalOptions.Section);
        builder.Services.TryAddSingleton<FourEyes>();
    }
}
