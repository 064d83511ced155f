using Npgsql;

namespace Guerdon.Host.Database;

/// <summary>Reads <c>GUERDON_DB</c>: Npgsql's <c>Host=…;Username=…</c>, or a <c>postgres://</c> address.</summary>
internal static class ConnectionText
{
    // Only libpq's names that differ from Npgsql's; all others are tried as they are.
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["application_name"] = "Application Name",
        ["connect_timeout"] = "Timeout",
        ["dbname"] = "Database",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslrootcert"] = "Root Certificate",
        ["target_session_attrs"] = "Target Session Attributes",
        ["user"] = "Username",
    };

    /// <exception cref="DatabaseSetupException">It is neither; the message never repeats the password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string text, string name = "GUERDON_DB")
    {
        return Build(() => text.StartsWith("postgres://", StringComparison.Ordinal)
            || text.StartsWith("postgresql://", StringComparison.Ordinal)
                ? FromAddress(new Uri(text))
                : new NpgsqlConnectionStringBuilder(text), name);
    }

    /// <summary>Makes something of what a setting says.</summary>
    /// <exception cref="DatabaseSetupException">It cannot be made; the message never repeats the password.</exception>
    public static T Build<T>(Func<T> make, string name = "GUERDON_DB")
    {
        try
        {
            return make();
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException
            or OverflowException or NotSupportedException or InvalidOperationException)
        {
            throw new DatabaseSetupException($"{name} is neither Host=…;Username=…;Database=… nor "
                + "postgres://user:password@host:port/database.");
        }
    }

    private static NpgsqlConnectionStringBuilder FromAddress(Uri address)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        if (address.Host.Length > 0) builder.Host = Uri.UnescapeDataString(address.Host);
        if (address.Port > 0) builder.Port = address.Port;
        var database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/'));
        if (database.Length > 0) builder.Database = database;

        var user = address.UserInfo.Split(':', 2);
        if (user[0].Length > 0) builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) builder.Password = Uri.UnescapeDataString(user[1]);

        foreach (var pair in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (left, right) : (pair, "");
            value = Uri.UnescapeDataString(value);
            if (name == "sslmode") value = value.Replace("-", "", StringComparison.Ordinal); // verify-full
            builder[Names.GetValueOrDefault(name, name)] = value;
        }
        return builder;
    }
}
