using Guerdon.Kernel;

namespace Guerdon.Identity.Audit;

/// <summary>Metadata of a page: which permission a form on it needs.</summary>
public interface IFormNeed
{
    /// <summary>The first word of the form's name; <c>*</c>: each form of the page.</summary>
    string Form { get; }

    /// <summary>One of <see cref="Permissions"/>.</summary>
    string Permission { get; }
}
