namespace Guerdon.Bounds.Edits;

/// <summary>A body that cannot be sent a second time once a connection reads it.</summary>
public abstract class OnceSentContent : HttpContent
{
    /// <summary>
    /// True while a connection still reads the body, which over HTTP/2 can outlast the answer; where it is read from
    /// its sender, true from the moment that one began to.
    /// </summary>
    public abstract bool IsSending { get; }
}
