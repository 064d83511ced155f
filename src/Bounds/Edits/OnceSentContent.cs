namespace Guerdon.Bounds.Edits;

/// <summary>A body that cannot be sent a second time once a connection reads it.</summary>
public abstract class OnceSentContent : HttpContent
{
    /// <summary>
    /// True while a connection still reads the body, which over HTTP/2 can outlast the answer, or ever since one began
    /// to, where it is read from its sender.
    /// </summary>
    public abstract bool IsSending { get; }
}
