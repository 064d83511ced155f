using System.Text.RegularExpressions;
using Guerdon.Dialects.Calls;

namespace Guerdon.Gateway.Forwarding;

/// <summary>The paths that calls come by. Each is of one dialect: a request says by its path alone which it is in, and
/// of two endpoints for one path the framework would choose neither.</summary>
internal sealed partial class CallPaths
{
    /// <param name="apis">Every call of every dialect.</param>
    /// <param name="ofModels">The routes to calls whose path names the model.</param>
    /// <exception cref="InvalidOperationException">Two claim one path; the program must not start.</exception>
    public CallPaths(IEnumerable<Api> apis, IReadOnlyList<CallRoute> ofModels)
    {
        OfOnePath = [.. apis.Where(api => !api.NamesModel)];
        OfModels = ofModels;
        var claims = OfOnePath.Select(api => (api.Path, By: $"{api.Dialect}'s {api}"))
            .Concat(OfModels.Select(route => (Path: Parameter().Replace(route.Path, "{}"), By: $"{route.Dialect}")));
        foreach (var path in claims.GroupBy(claim => claim.Path, claim => claim.By, StringComparer.OrdinalIgnoreCase))
        {
            if (path.Count() > 1)
                throw new InvalidOperationException($"{path.Key} is claimed twice: {string.Join(" and ", path)}.");
        }

        WithoutVersion =
        [
            .. OfOnePath.Select(api => api.Path[api.Path.IndexOf('/', 1)..])
                .Except(OfOnePath.Select(api => api.Path), StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>Those of all these dialects.</summary>
    public static CallPaths Of(IReadOnlyCollection<Dialect> dialects) => new(
        dialects.SelectMany(dialect => dialect.Apis),
        [.. dialects.SelectMany(one => one.CallRoutes.Select(route => new CallRoute(route, one)))]);

    /// <summary>The calls that have a path of their own, at <see cref="Api.Path"/>.</summary>
    public IReadOnlyList<Api> OfOnePath { get; }

    /// <summary>The routes to calls whose path names the model.</summary>
    public IReadOnlyList<CallRoute> OfModels { get; }

    /// <summary>The same paths without the version, each once, however many calls have one that ends so; those that are
    /// calls themselves are left out.</summary>
    public IReadOnlyList<string> WithoutVersion { get; }

    /// <summary>A route, and whose it is.</summary>
    internal readonly record struct CallRoute(string Path, Dialect Dialect);

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
