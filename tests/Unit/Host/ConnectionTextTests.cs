using Guerdon.Host.Database;

namespace Guerdon.Unit.Host;

public sealed class ConnectionTextTests
{
    [Theory]
    [InlineData("Host=db;Port=6432;Username=me;Password=p@ss;Database=books")]
    [InlineData("postgres://me:p%40ss@db:6432/books")]
    [InlineData("postgresql://me:p%40ss@db:6432/books")]
    [InlineData("postgres:///books?host=db&port=6432&user=me&password=p%40ss")]
    public void Parse_EitherForm_ReadsTheSame(string text)
    {
        var parsed = ConnectionText.Parse(text);

        Assert.Equal(
            ("db", 6432, "me", "p@ss", "books"),
            (parsed.Host, parsed.Port, parsed.Username, parsed.Password, parsed.Database));
    }

    [Fact]
    public void Parse_LibpqNames_AreUnderstood()
    {
        var parsed = ConnectionText.Parse(
            "postgres://db/books?sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=7&host=%2Fvar%2Frun");

        Assert.Equal(
            (Npgsql.SslMode.VerifyFull, "/etc/ca.pem", 7, "/var/run"),
            (parsed.SslMode, parsed.RootCertificate, parsed.Timeout, parsed.Host));
    }

    // Where it is said that what goes to the database may be read on its way.
    [Theory]
    [InlineData("Host=db;Username=me", "db")]
    [InlineData("Host=db;SSL Mode=Prefer", "db")]
    [InlineData("Host=db;SSL Mode=Allow", "db")]
    [InlineData("Host=db;SSL Mode=Disable", "db")]
    [InlineData("postgres://me:p@db.example.com/books", "db.example.com")]
    [InlineData("postgres://me:p@db.example.com/books?sslmode=require", "")]
    [InlineData("Host=db;SSL Mode=VerifyCA", "")]
    [InlineData("Host=db;SSL Mode=VerifyFull", "")]
    [InlineData("Host=10.0.0.7;Username=me", "10.0.0.7")]
    [InlineData("Host=2001:db8::7;Username=me", "2001:db8::7")]
    [InlineData("Host=localhost;Username=me", "")]
    [InlineData("Host=LOCALHOST:6432;Username=me", "")]
    [InlineData("Host=127.0.0.1;Username=me", "")]
    [InlineData("Host=127.0.0.2:5433;Username=me", "")]
    [InlineData("Host=::1;Username=me", "")]
    [InlineData("Host=[::1]:5433;Username=me", "")]
    [InlineData("Host=/var/run/postgresql;Username=me", "")]
    [InlineData("Host=@guerdon;Username=me", "")]
    [InlineData("Host=localhost,db1:5433,/tmp,db2;Username=me", "db1:5433 db2")]
    [InlineData("Host=localhost.evil.example;Username=me", "localhost.evil.example")]
    public void InTheClear_NamesServersElsewhereThatNeedNoTls(string text, string hosts) =>
        Assert.Equal(hosts, string.Join(' ', DatabaseTls.InTheClear(ConnectionText.Parse(text))));

    [Theory]
    [InlineData("nonsense secret")]
    [InlineData("postgres://me:secret@db:port/books")]
    [InlineData("postgres://me:secret@db/books?colour=blue")]
    public void Parse_Neither_SaysWhatIsExpectedWithoutRepeatingIt(string text)
    {
        var error = Assert.Throws<DatabaseSetupException>(() => ConnectionText.Parse(text));

        Assert.StartsWith("GUERDON_DB is neither", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_OldServerOnly_NamesItAndThePackage() =>
        Assert.Equal(
            "Guerdon needs PostgreSQL 15 or newer (found: 13 in /usr/lib/postgresql/13/bin): "
                + "apt-get install postgresql,"
            + " or set GUERDON_DB to a server.",
            PostgresBinaries.Missing(null, [new("/usr/lib/postgresql/13/bin", 13)], "apt-get install postgresql"));
}
