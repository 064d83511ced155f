using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Identity.Accounts;

/// <summary>Which permission a form of a page needs: a page may be read by more people than may send what is on it. A
/// form that its page says nothing of is refused.</summary>
/// <param name="form">The first word of its name, such as <c>revoke</c>; <c>*</c>: each form of the page.</param>
/// <param name="permission">One of <see cref="Permissions"/>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class FormNeedsAttribute(string form, string permission) : Attribute
{
    /// <summary>The first word of the form's name.</summary>
    public string Form => form;

    public string Permission => permission;

    /// <summary>Whether the caller may send a page's form of this name.</summary>
    public static bool AreMet(HttpContext http, string name) =>
        Of(http, name) is { } needs && Access.May(http.User, needs.Permission);

    /// <summary>Whether a page's form of this name approves money, for which a sign-in must be recent.</summary>
    public static bool ApprovesMoney(HttpContext http, string name) =>
        Access.ApprovesMoney(Of(http, name)?.Permission);

    /// <summary>What a page's form of this name needs; null: the page knows no such form.</summary>
    internal static FormNeedsAttribute? Of(HttpContext http, string name)
    {
        var word = name.Split(' ')[0];
        var all = http.GetEndpoint()?.Metadata.GetOrderedMetadata<FormNeedsAttribute>() ?? [];
        return all.FirstOrDefault(one => one.Form == word) ?? all.FirstOrDefault(one => one.Form == "*");
    }
}
