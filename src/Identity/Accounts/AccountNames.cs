using Guerdon.Kernel;

namespace Guerdon.Identity.Accounts;

/// <summary>What an account can be called, wherever one is made.</summary>
public static class AccountNames
{
    private const int MostNameChars = 200;

    public static bool IsAddress(string email) =>
        email.Contains('@', StringComparison.Ordinal) && email.Length <= AccountDirectory.MostEmailChars
        && !email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) && InputText.Fault(email) is null;

    public static bool IsName(string name) =>
        name.Length is > 0 and <= MostNameChars && !name.Any(char.IsControl) && InputText.Fault(name) is null;
}
