using System.Text;
using Realtime.Host.Configuration;

namespace Realtime.Host.Tests.Configuration;

public sealed class HostileConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("Konfig 実験 ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("~")]
    public void Empty_file_is_refused(string text) => Assert.Contains("the file is empty", Only(Written(text)).Message);

    [Theory]
    [InlineData("just words", "no rig config")]
    [InlineData("- 1\n- 2", "no rig config")]
    [InlineData("a: b: c", "not valid YAML")]
    [InlineData("a: [1, 2", "not valid YAML")]
    [InlineData("a: \"unclosed", "not valid YAML")]
    [InlineData("{\"schema_version\": 1", "not valid YAML")]
    [InlineData("? [a, b]\n: 1", "a key must be a word")]
    [InlineData("a: 1\n---\nb: 2", "a second document")]
    [InlineData("a: &x 1\nb: 2", "anchor '&x'")]
    [InlineData("a: *x", "alias '*x'")]
    [InlineData("a: !!python/object x", "is not allowed")]
    public void Text_that_is_no_config_is_refused_with_its_place(string text, string hint)
    {
        var problem = Only(Written(text));
        Assert.Contains(hint, problem.Message);
        Assert.True(problem.Line >= 1 && problem.Column >= 1);
    }

    [Fact]
    public void Tab_is_named_with_its_line()
    {
        var problem = Only(Written("schema_version: 1\nticks:\n\thop_ms: 50\n"));
        Assert.Equal((3, 1), (problem.Line, problem.Column));
        Assert.Contains("a tab indents this line", problem.Message);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        Assert.Contains("nested more than 16 deep", Only(Written("a: " + new string('[', 100_000))).Message);
        var blocks = string.Concat(Enumerable.Range(0, 200).Select(depth => new string(' ', depth) + "a:\n"));
        Assert.Contains("nested more than 16 deep", Only(Written(blocks)).Message);
    }

    [Fact]
    public void Anchor_bomb_is_refused_at_its_first_anchor()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level < 12; level++)
            bomb.Append($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n");
        Assert.Equal(1, Only(Written(bomb.ToString())).Line);
    }

    [Fact]
    public void Binary_file_is_refused() => Assert.Contains("binary", Only(Written([1, 2, 0, 4, 255, 254, 0, 9])).Message);

    [Fact]
    public void File_that_is_not_utf8_is_refused()
    {
        Assert.Contains("not UTF-8", Only(Written([.. "name: M"u8, 0xE4, .. "use\n"u8])).Message);
        Assert.Contains("UTF-16", Only(Written([0xFF, 0xFE, (byte)'a', 0])).Message);
    }

    [Fact]
    public void Byte_order_mark_and_windows_line_ends_are_fine()
    {
        var text = "\uFEFFschema_version: 1\r\nsources:\r\n  - name: a\r\nmodel:\r\n  path: m\r\n";
        Assert.Empty(RigConfigLoader.Load(Written(text)).Problems);
    }

    [Fact]
    public void File_of_a_hundred_megabytes_is_refused_unread()
    {
        var path = Path.Combine(_folder, "big.yaml");
        using (var stream = File.Create(path)) stream.SetLength(100_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("100 MB", Only(path).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Missing_file_is_named_with_the_nearest_one()
    {
        Written("a: 1");
        Assert.Contains("did you mean 'rig.yaml'?", Only(Path.Combine(_folder, "rg.yaml")).Message);
        Assert.Contains("nor the folder", Only(Path.Combine(_folder, "nowhere", "rig.yaml")).Message);
    }

    [Fact]
    public void Folder_is_refused() => Assert.Contains("this is a folder", Only(_folder).Message);

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    public void Impossible_path_is_refused(string path) => Assert.Single(RigConfigLoader.Load(path).Problems);

    [Fact]
    public void Damaged_configs_never_throw()
    {
        const int seed = 20260304;
        var random = new Random(seed);
        var whole = File.ReadAllText(Path.Combine(Realtime.Tests.RepositoryFiles.Root, "rig-configs", "open-ephys.yaml"));
        const string junk = "{}[]:,-&*!|>'\"%@`\t\n #~?\\\u0000\u0085\uFEFF\uD800é0";
        for (var round = 0; round < 1000; round++)
        {
            var text = new StringBuilder(whole);
            for (var edit = random.Next(1, 6); edit > 0; edit--)
            {
                var at = random.Next(text.Length);
                if (random.Next(3) == 0) text.Remove(at, Math.Min(random.Next(1, 40), text.Length - at));
                else text.Insert(at, junk[random.Next(junk.Length)]);
            }

            var result = RigConfigLoader.Parse(text.ToString(), "damaged.yaml");
            Assert.True(result.Ok != result.Problems.Count > 0, $"seed {seed}, round {round}");
        }
    }

    private static ConfigProblem Only(string path)
    {
        var result = RigConfigLoader.Load(path);
        Assert.False(result.Ok);
        return Assert.Single(result.Problems);
    }

    private string Written(string text) => Written(Encoding.UTF8.GetBytes(text));

    private string Written(byte[] bytes)
    {
        var path = Path.Combine(_folder, "rig.yaml");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
