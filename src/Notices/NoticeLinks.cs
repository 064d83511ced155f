namespace Guerdon.Notices;

/// <summary>Where notices that are sent lead to.</summary>
/// <param name="Origin">As <c>https://guerdon.example.com</c>; null: no address is configured, and no link is written.
/// </param>
public sealed record NoticeLinks(Uri? Origin);
