using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Stipend.Host.SignIn;

/// <summary>
/// Keeps the keys of cookies and forms in the database, so that sessions outlive a restart and reach any node.
/// </summary>
internal sealed class DataKeys(NpgsqlDataSource db) : IXmlRepository, IConfigureOptions<KeyManagementOptions>
{
    public void Configure(KeyManagementOptions options) => options.XmlRepository = this;

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = db.OpenConnection();
        return [.. connection.Query<string>("select xml from host.data_key order by created_at")
            .Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = db.OpenConnection();
        connection.Execute(
            "insert into host.data_key (name, xml) values (@name, @xml) on conflict (name) do nothing",
            new { name = friendlyName, xml = element.ToString(SaveOptions.DisableFormatting) });
    }
}
