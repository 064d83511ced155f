using System.Text;

namespace Stipend.Gateway;

/// <summary>What a top-level member of a request means to the gateway, whatever a provider calls it.</summary>
internal enum Member
{
    None,
    Model,
    Content,
    System,
    Stream,
    StreamOptions,
    Cap,
    OldCap,
    Choices,
    Tools,
    Functions,
    Thinking,
    CacheControl,
    Background,

    // Each of these three changes the price in a way that the price book has no row for.
    ServiceTier,
    Speed,
    Geography,

    Modalities,
    Audio,
    PartialImages,

    // Context that is not in the body. Numbered, so that a repeated member is told from two different ones.
    Beyond,
    Beyond2,
    Beyond3,
}

internal sealed record MemberName(string Text, Member Member)
{
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Text);
}
