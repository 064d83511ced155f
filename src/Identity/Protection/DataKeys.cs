using System.Xml.Linq;
using Guerdon.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Identity.Protection;

/// <summary>What protects the key ring.</summary>
/// <param name="Seal">The key file's; null where there is none, and the ring lies in the database as it is.</param>
internal sealed record RingProtection(RingSeal? Seal);

/// <summary>
/// Stores the ring of keys that protect cookies, forms and providers' keys in the database, for all nodes and restarts;
/// encrypted where there is a key file.
/// </summary>
internal sealed class DataKeys(NpgsqlDataSource db, RingProtection protection)
    : IXmlRepository, IConfigureOptions<KeyManagementOptions>
{
    private static readonly XNamespace Marks = "http://schemas.asp.net/2015/03/dataProtection";

    private const string OneAtATime = "host.data_key";
    private const string ReadSql = "select xml from host.data_key order by created_at";
    private const string ReadNamedSql = "select name, xml from host.data_key";
    private const string AddSql = "insert into host.data_key (name, xml) values ($1, $2) on conflict (name) do nothing";
    private const string UpdateSql = "update host.data_key set xml = $2 where name = $1";

    public void Configure(KeyManagementOptions options)
    {
        options.XmlRepository = this;
        options.XmlEncryptor = protection.Seal;
    }

    public IReadOnlyCollection<XElement> GetAllElements() =>
        db.Read(ReadSql, row => Readable(XElement.Parse(row.Text("xml"))), []);

    // Beside a secret the framework writes which type decrypts it, by assembly and namespace. Types move and secrets
    // stay, so what our seal encrypted is read by our current type, whatever is written there.
    private static XElement Readable(XElement element)
    {
        foreach (var secret in element.DescendantsAndSelf(Marks + "encryptedSecret"))
            if (secret.Element(RingSeal.Name) is not null)
                secret.SetAttributeValue("decryptorType", typeof(RingOpener).AssemblyQualifiedName);
        return element;
    }

    public void StoreElement(XElement element, string friendlyName) =>
        db.Execute(AddSql, [friendlyName, element.ToString(SaveOptions.DisableFormatting)]);

    /// <summary>
    /// Before the first use: encrypts what older rings hold as it is, and has the first key made once, so that nodes
    /// that start together do not each make one. Safe to repeat.
    /// </summary>
    /// <param name="provider">Whose ring this is.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="KeyFileException">The ring needs another key file, or one at all.</exception>
    public async Task PrepareAsync(IDataProtectionProvider provider, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Locks.InTransactionAsync(connection, OneAtATime, ct);
        var rows = await connection.ReadAsync(ReadNamedSql, row => (row.Text("name"), row.Text("xml")), [], ct);
        foreach (var (name, xml) in rows)
        {
            var element = XElement.Parse(xml);
            Check(element);
            if (protection.Seal is not { } seal || !Encrypt(element, seal)) continue;
            await connection.ExecuteAsync(UpdateSql, [name, element.ToString(SaveOptions.DisableFormatting)], ct);
        }

        await transaction.CommitAsync(ct);
        await MakeFirstAsync(connection, provider, ct);
    }

    /// <summary>Encrypts the secrets of a ring's element in place.</summary>
    /// <returns>False where there was none to encrypt.</returns>
    internal static bool Encrypt(XElement element, RingSeal seal)
    {
        var secrets = element.DescendantsAndSelf()
            .Where(e => (bool?)e.Attribute(Marks + "requiresEncryption") is true).ToList();
        foreach (var secret in secrets)
        {
            var made = seal.Encrypt(secret);
            secret.ReplaceWith(new XElement(
                Marks + "encryptedSecret", new XAttribute("decryptorType", made.DecryptorType.AssemblyQualifiedName!),
                made.EncryptedElement));
        }

        return secrets.Count > 0;
    }

    // Under a lock of another session than the ring's own connections, since those store the key and
    // would otherwise wait for it.
    private static async Task MakeFirstAsync(
        NpgsqlConnection connection, IDataProtectionProvider provider, CancellationToken ct)
    {
        await using var alone = await connection.BeginTransactionAsync(ct);
        await Locks.InTransactionAsync(connection, OneAtATime, ct);
        provider.CreateProtector("Guerdon.Host.Ring").Protect([]);
        await alone.CommitAsync(ct);
    }

    private void Check(XElement element)
    {
        const string orNew = "or, where it is lost, run \"delete from host.data_key\" with 'guerdon db': everybody "
            + "signs in again, and providers' keys are set again.";
        foreach (var file in RingSeal.FilesOf(element))
        {
            if (protection.Seal is null)
                throw new KeyFileException(
                    $"The database's key ring needs key file {file}: set GUERDON_KEY_FILE to it, {orNew}");
            if (protection.Seal.FileId != file)
                throw new KeyFileException(
                    $"The database's key ring needs key file {file}, and GUERDON_KEY_FILE (or data.key beside the "
                    + $"private cluster's data) is {protection.Seal.FileId}: restore it, {orNew}");
        }
    }
}
