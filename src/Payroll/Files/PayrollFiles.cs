using System.Globalization;
using System.Text;
using System.Xml;
using Guerdon.Kernel;
using Guerdon.Payroll.Settings;

namespace Guerdon.Payroll.Files;

/// <summary>Payroll files in the layouts of payroll programs: gross amounts and codes; what is withheld is payroll's to
/// say. CSV as RFC 4180 has it, with CR LF. No I/O.</summary>
internal static class PayrollFiles
{
    /// <param name="layout">A name of <see cref="PayrollLayout"/>.</param>
    /// <param name="lines">That the layout takes.</param>
    /// <param name="period">Which pay it is for.</param>
    /// <param name="terms">The company at the payroll program; null for the plain layout.</param>
    public static (string Name, byte[] Content) Write(
        string layout, IReadOnlyList<PayrollLine> lines, PayPeriod period, LayoutTerms? terms)
    {
        var day = period.First.Iso();
        return layout switch
        {
            PayrollLayout.Adp => ($"PR{terms!.CoCode}EPI.csv", Text(Adp(lines, terms))),
            PayrollLayout.Gusto => ($"gusto-{day}.csv", Text(Gusto(lines))),
            PayrollLayout.Workday => ($"workday-{day}.xml", Workday(lines, period, terms!)),
            _ => ($"payroll-{day}.csv", Text(Plain(lines, period))),
        };
    }

    public static string MediaType(string layout) =>
        layout == PayrollLayout.Workday ? "application/xml" : "text/csv; charset=utf-8";

    // A paydata import. It has fields for three kinds of hours and earnings, of which the third takes any code; hours
    // and rates stay empty, since they are the payroll program's.
    private static string Adp(IReadOnlyList<PayrollLine> lines, LayoutTerms terms)
    {
        var text = new StringBuilder("Co Code,Batch ID,File #,Reg Hours,O/T Hours,Hours 3 Code,Hours 3 Amount,"
            + "Reg Earnings,Earnings 3 Code,Earnings 3 Amount,Memo Code,Memo Amount,Temp Department\r\n");
        foreach (var line in lines)
        {
            var (code, amount) = (Csv.Text(line.Code.Code), PayrollRules.Amount(line.Item));
            text.Append(CultureInfo.InvariantCulture,
                $"{terms.CoCode},{terms.BatchId},{Csv.Text(line.Item.Person.Employee!)},,,,,,")
                .Append(line.Code.IsMemo ? $",,{code},{amount},\r\n" : $"{code},{amount},,,\r\n");
        }

        return text.ToString();
    }

    // Gusto has no earnings of one's own, so what is paid is a bonus, and what is paid back a reimbursement.
    private static string Gusto(IReadOnlyList<PayrollLine> lines)
    {
        var text = new StringBuilder("last_name,first_name,title,gusto_employee_id,bonus,commission,reimbursement\r\n");
        foreach (var own in lines.GroupBy(l => l.Item.Person.Id))
        {
            var person = own.First().Item.Person;
            var name = person.Name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var back = own.Where(l => l.Item.TaxClass == EarningCode.Reimbursement).Sum(l => l.Item.Amount);
            var bonus = own.Sum(l => l.Item.Amount) - back;
            var currency = own.First().Item.Currency; // one for the whole file
            text.Append(CultureInfo.InvariantCulture,
                $"{Csv.Text(name is [.., var last] ? last : "")},{Csv.Text(string.Join(' ', name.SkipLast(1)))},"
                + $"{Csv.Text(person.Role)},{Csv.Text(person.Employee!)},{Money(bonus, currency)},,"
                + $"{Money(back, currency)}\r\n");
        }

        return text.ToString();

        static string Money(long kept, string? currency) => kept == 0 ? "" : Currencies.Plain(kept, currency);
    }

    private static string Plain(IReadOnlyList<PayrollLine> lines, PayPeriod period)
    {
        var text = new StringBuilder("employee,email,country,code,book_as,tax_class,jurisdiction,form,amount,unit,"
            + "currency,recognised_at,due,pay_day,period_first,period_last,source,source_id,lot,corrects,"
            + "explanation\r\n");
        var when = $"{period.PayDay.Iso()},{period.First.Iso()},{period.Last.Iso()}";
        foreach (var (item, code, due) in lines)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{Csv.Text(item.Person.Employee!)},{Csv.Text(item.Person.Email)},{item.Person.Country},"
                + $"{Csv.Text(code.Code)},{(code.IsMemo ? "memo" : "earning")},{item.TaxClass},"
                + $"{Csv.Text(code.Jurisdiction)},{item.Form},{PayrollRules.Amount(item)},{Csv.Text(item.Unit)},"
                + $"{item.Currency},{code.Recognised.ToString().ToLowerInvariant()},{due.Iso()},{when},"
                + $"{item.Source},{item.SourceId:N},{item.Lot},{item.Corrects:N},{Csv.Text(item.Explanation)}\r\n");
        }

        return text.ToString();
    }

    private static byte[] Workday(IReadOnlyList<PayrollLine> lines, PayPeriod period, LayoutTerms terms)
    {
        const string sheet = "urn:schemas-microsoft-com:office:spreadsheet";
        using var stream = new MemoryStream();
        var settings = new XmlWriterSettings
        {
            Indent = true, NewLineChars = "\r\n", Encoding = new UTF8Encoding(false),
        };
        using (var xml = XmlWriter.Create(stream, settings))
        {
            xml.WriteProcessingInstruction("mso-application", "progid=\"Excel.Sheet\"");
            xml.WriteStartElement("Workbook", sheet);
            xml.WriteAttributeString("xmlns", "ss", null, sheet);
            xml.WriteStartElement("Worksheet", sheet);
            xml.WriteAttributeString("Name", sheet, "Submit Payroll Input");
            xml.WriteStartElement("Table", sheet);
            Row("Spreadsheet Key", "Row ID", "Batch ID", "Start Date", "End Date", "Worker", "Earning", "Amount");
            for (var i = 0; i < lines.Count; i++)
                Row("1", (i + 1).ToString(CultureInfo.InvariantCulture), terms.BatchId!, period.First.Iso(),
                    period.Last.Iso(), lines[i].Item.Person.Employee!, lines[i].Code.Code,
                    PayrollRules.Amount(lines[i].Item));
            xml.WriteEndElement();
            xml.WriteEndElement();
            xml.WriteEndElement();

            void Row(params ReadOnlySpan<string> cells)
            {
                xml.WriteStartElement("Row", sheet);
                for (var i = 0; i < cells.Length; i++)
                {
                    xml.WriteStartElement("Cell", sheet);
                    xml.WriteStartElement("Data", sheet);
                    xml.WriteAttributeString("Type", sheet, "String");
                    xml.WriteString(string.Concat(cells[i].Where(XmlConvert.IsXmlChar)));
                    xml.WriteEndElement();
                    xml.WriteEndElement();
                }

                xml.WriteEndElement();
            }
        }

        return stream.ToArray();
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
