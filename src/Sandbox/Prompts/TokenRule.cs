namespace Guerdon.Sandbox.Prompts;

/// <summary>How the sandbox counts tokens: a text is a token for every 4 bytes of UTF-8 or part of them.</summary>
/// <remarks>
/// A message adds <see cref="PerMessage"/>. Both parts are at most the bytes they occupy in the request's JSON (the
/// smallest message, <c>{},</c>, is 3 bytes), so a prompt never counts more tokens than its body has bytes.
/// </remarks>
internal static class TokenRule
{
    public const int BytesPerToken = 4;

    public const int PerMessage = 3;

    /// <summary>An image or file counts as at most this many bytes: 1,600 tokens, like a full-size picture.</summary>
    public const int MaxMediaBytes = 6_400;

    public static int Count(int utf8Bytes) => (int)(((long)utf8Bytes + BytesPerToken - 1) / BytesPerToken);
}
