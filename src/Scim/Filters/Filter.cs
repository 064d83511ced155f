using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Filters;

/// <summary>How two values are compared.</summary>
internal enum FilterOperator
{
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// <summary>What resources are chosen by (RFC 7644, 3.4.2.2), with its attributes found and its values checked.
/// </summary>
internal abstract record Filter
{
    public sealed record And(Filter Left, Filter Right) : Filter;

    public sealed record Or(Filter Left, Filter Right) : Filter;

    public sealed record Not(Filter Inner) : Filter;

    /// <summary>Whether there is a value.</summary>
    public sealed record Present(AttributePath Path) : Filter;

    /// <summary>A value beside another.</summary>
    /// <param name="Path">Whose leaf is not complex.</param>
    /// <param name="Operator">How.</param>
    /// <param name="Text">What it is compared with, folded as the attribute's values are; of a boolean <c>true</c> or
    /// <c>false</c>.</param>
    /// <param name="Raw">The same as it was written.</param>
    public sealed record Compare(AttributePath Path, FilterOperator Operator, string Text, string Raw) : Filter
    {
        /// <summary>The same as a time, where the attribute is one.</summary>
        public DateTimeOffset? Instant { get; init; }
    }

    /// <summary>One element of an attribute with several values to which all of it applies.</summary>
    /// <param name="Path">The attribute.</param>
    /// <param name="Inner">About its parts.</param>
    public sealed record Element(AttributePath Path, Filter Inner) : Filter;

    /// <summary>About an attribute that this kind of resource does not have: it has no value.</summary>
    public sealed record Nothing : Filter;

    /// <summary>The comparisons of a filter that is nothing but equalities which all hold; null: it is more.</summary>
    public static IReadOnlyList<Compare>? Equalities(Filter filter)
    {
        List<Compare> found = [];
        return Collect(filter, found) ? found : null;

        static bool Collect(Filter filter, List<Compare> into)
        {
            if (filter is And and) return Collect(and.Left, into) && Collect(and.Right, into);
            if (filter is not Compare { Operator: FilterOperator.Equal } compare) return false;
            into.Add(compare);
            return true;
        }
    }
}
