using System.Text;

namespace Guerdon.Terminal;

/// <summary>What is typed at a terminal and shown to nobody.</summary>
internal static class SecretInput
{
    private const int MostChars = 1_000;

    /// <summary>Reads a line without echo.</summary>
    /// <param name="prompt">What is asked for.</param>
    /// <returns>Null: there is no terminal to type at.</returns>
    public static string? Read(string prompt)
    {
        if (Console.IsInputRedirected) return null;
        Console.Error.Write(prompt);
        var text = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return text.ToString();
                case ConsoleKey.Backspace:
                    if (text.Length > 0) text.Length--;
                    break;
                default:
                    if (!char.IsControl(key.KeyChar) && text.Length < MostChars) text.Append(key.KeyChar);
                    break;
            }
        }
    }
}
