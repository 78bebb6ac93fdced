using System.Text.Json;
using Realtime.Host.Doctor;

namespace Realtime.Host.Tests.Doctor;

public sealed class MachineDoctorTests
{
    private static readonly DoctorReport Report = new(1, CheckLevel.Fail,
        [new("timer", CheckLevel.Ok, "fine"), new("port 5560", CheckLevel.Fail, "taken by [bold]x[/]", "Close it.")]);

    [Fact]
    public void Plain_text_names_every_check_its_level_and_its_remedy()
    {
        var output = new StringWriter();
        DoctorWriter.Write(Report, DoctorFormat.Plain, output);
        var lines = output.ToString().TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        Assert.Equal(
            ["OK    timer         fine", "FAIL  port 5560     taken by [bold]x[/]", "-> Close it.",
                "This machine is not ready: 1 checks failed, 0 warn."],
            lines);
        Assert.DoesNotContain('\u001b', output.ToString());
    }

    [Fact]
    public void Table_shows_texts_as_they_are()
    {
        var output = new StringWriter();
        DoctorWriter.Write(Report, DoctorFormat.Table, output);
        Assert.Contains("taken by [bold]x[/]", output.ToString());
        Assert.Contains("FAIL", output.ToString());
    }

    [Fact]
    public void Json_is_one_line_in_snake_case()
    {
        var output = new StringWriter();
        DoctorWriter.Write(Report, DoctorFormat.Json, output);
        Assert.Equal(1, output.ToString().Count(letter => letter == '\n'));
        var root = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal("fail", root.GetProperty("worst").GetString());
        Assert.Equal("ok", root.GetProperty("checks")[0].GetProperty("level").GetString());
        Assert.Equal("Close it.", root.GetProperty("checks")[1].GetProperty("remedy").GetString());
        Assert.Equal(1, root.GetProperty("schema_version").GetInt32());
    }

    [Fact]
    public void Real_machine_is_examined_without_a_fault_and_with_every_check()
    {
        var output = new StringWriter();
        var worst = MachineDoctor.Run(null, DoctorFormat.Json, output);
        var checks = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("checks").EnumerateArray().ToArray();
        var names = checks.Select(check => check.GetProperty("name").GetString()!).ToArray();
        Assert.Equal(
            ["timer", "clock source", "cores", "power", "dotnet", "rights", "port 5556", "port 5557", "port 5560", "memory", "disk"],
            names);
        Assert.Contains(checks, check => check.GetProperty("level").GetString() == worst.ToString().ToLowerInvariant());
        Assert.All(checks, check => Assert.NotEmpty(check.GetProperty("measured").GetString()!));
    }

    [Fact]
    public void Config_that_is_not_sound_fails_and_the_other_checks_are_made_nevertheless()
    {
        var report = MachineDoctor.Examine(Path.Combine(Path.GetTempPath(), "no such rig.yaml"));
        Assert.Equal(("config", CheckLevel.Fail), (report.Checks[0].Name, report.Checks[0].Level));
        Assert.Contains("no such file", report.Checks[0].Measured);
        Assert.True(report.Checks.Count > 8);
    }

    [Fact]
    public void Machine_is_described_for_reports()
    {
        var machine = MachineDescription.Read();
        Assert.True(machine.Cores >= 1 && machine.MemoryBytes > 0);
        Assert.NotEmpty(machine.Cpu);
        Assert.StartsWith(".NET", machine.Dotnet);
        Assert.Contains("step", machine.Timer);
    }
}
