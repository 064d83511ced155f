namespace Guerdon.Terminal.Writing;

/// <summary>
/// Lines on standard error that nobody asked for, such as a log's. While a verb shows its progress they wait, so that
/// neither is written into the other.
/// </summary>
public static class Asides
{
    private static readonly HeldLines Lines = new(static line => Console.Error.WriteLine(line));

    /// <summary>Writes a line now, or once no progress is shown. Control characters are taken out.</summary>
    public static void Say(string line) => Lines.Say(line);

    internal static void Hold() => Lines.Hold();

    internal static void Release() => Lines.Release();
}
