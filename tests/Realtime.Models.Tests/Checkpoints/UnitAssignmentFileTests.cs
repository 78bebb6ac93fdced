using Realtime.Engine.Sessions;
using Realtime.Models.Checkpoints;

namespace Realtime.Models.Tests.Checkpoints;

public sealed class UnitAssignmentFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("units").FullName, "units.csv");

    [Fact]
    public void Lines_quotes_and_comments_are_read()
    {
        var units = Read("word,stream,electrode,sorted_id\n# mine\n\na/b, probe ,Electrode 1,2\n\"c, \"\"d\"\"\",\"p,q\",E,0\r\n");
        Assert.Equal([new("a/b", new UnitId("probe", "Electrode 1", 2)), new UnitAssignment("c, \"d\"", new UnitId("p,q", "E", 0))], units);
    }

    [Theory]
    [InlineData("", "names no unit")]
    [InlineData("a,b,c", "'line 1': has 3 fields")]
    [InlineData("a,b,c,1\na,b,c,d,e", "'line 2': has 5 fields")]
    [InlineData("a,b,c,x", "sorted id 'x'")]
    [InlineData("a,b,c,-1", "sorted id '-1'")]
    [InlineData("\"a,b,c,1", "quote")]
    [InlineData("\"a\"b,b,c,1", "quote")]
    public void What_is_no_assignment_is_told_by_its_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("monkey/day 1/elec 4", "monkey/day 1", "elec 4")]
    [InlineData("u7", "the session", "u7")]
    [InlineData("/x", "", "x")]
    public void A_word_names_stream_and_electrode(string word, string stream, string electrode) =>
        Assert.Equal(new UnitId(stream, electrode, 1), UnitAssignment.FromWord(word, "the session").Unit);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    private IReadOnlyList<UnitAssignment> Read(string text)
    {
        File.WriteAllText(_path, text);
        return UnitAssignmentFile.Read(_path);
    }
}
