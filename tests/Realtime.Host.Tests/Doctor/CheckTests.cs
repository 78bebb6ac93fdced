using System.Net;
using System.Net.Sockets;
using System.Runtime;
using Realtime.Engine.Threads;
using Realtime.Host.Configuration;
using Realtime.Host.Doctor;

namespace Realtime.Host.Tests.Doctor;

public sealed class CheckTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    private static readonly RigConfig Config = new() { Sources = [new SourceConfig { Name = "a" }] };

    [Theory]
    [InlineData(100, 60, 400, 90, CheckLevel.Ok)]
    [InlineData(15_600_000, 60, 400, 90, CheckLevel.Warn)]
    [InlineData(100, 14_600, 16_000, 90, CheckLevel.Warn)]
    [InlineData(100, 60, 400, 7_000, CheckLevel.Warn)]
    [InlineData(100, 60, 400, 30_000, CheckLevel.Fail)]
    public void Timer_is_judged_by_its_step_its_wakes_and_its_pauses(
        double stepNs, double median, double worst, double pause, CheckLevel level) =>
        Judged(level, TimerCheck.Judge(new TimerMeasurement(stepNs, median, worst, pause)));

    [Theory]
    [InlineData("tsc", CheckLevel.Ok)]
    [InlineData("kvm-clock", CheckLevel.Ok)]
    [InlineData("hpet", CheckLevel.Warn)]
    [InlineData("acpi_pm", CheckLevel.Warn)]
    [InlineData(null, CheckLevel.Ok)]
    public void Slow_clock_sources_are_named(string? source, CheckLevel level) => Judged(level, ClockSourceCheck.JudgeLinux(source));

    [Fact]
    public void Machine_without_a_performance_counter_is_refused()
    {
        Judged(CheckLevel.Ok, ClockSourceCheck.JudgeOther(true, 10_000_000));
        Judged(CheckLevel.Fail, ClockSourceCheck.JudgeOther(false, 64));
    }

    [Theory]
    [InlineData(8, 0.1, CheckLevel.Ok)]
    [InlineData(8, null, CheckLevel.Ok)]
    [InlineData(8, 0.9, CheckLevel.Warn)]
    [InlineData(2, 0.1, CheckLevel.Warn)]
    public void Cores_are_judged_by_number_and_load(int cores, double? busy, CheckLevel level) =>
        Judged(level, CoresCheck.Judge(cores, busy, Config));

    [Fact]
    public void Threads_that_spin_on_every_core_and_pins_beyond_the_last_core_fail()
    {
        var source = Config.Sources[0] with { Receive = WaitMode.Spinning };
        var spinning = Config with { DecodeThread = new() { Wait = WaitMode.Spinning }, Sources = [source] };
        Judged(CheckLevel.Fail, CoresCheck.Judge(2, 0, spinning));
        Judged(CheckLevel.Ok, CoresCheck.Judge(8, 0, spinning));
        var pinned = Config with { DecodeThread = new() { Cpu = 8 } };
        Judged(CheckLevel.Fail, CoresCheck.Judge(8, 0, pinned));
        Judged(CheckLevel.Ok, CoresCheck.Judge(9, 0, pinned));
    }

    [Fact]
    public void Load_is_read_from_the_kernels_counters()
    {
        var before = CpuLoad.ParseProcStat("cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 2 3 4 5\n");
        var after = CpuLoad.ParseProcStat("cpu  150 0 120 720 110 0 0 0 0 0\n");
        Assert.Equal((800, 1000), before);
        Assert.Equal(0.7, CpuLoad.Share(before!.Value, after!.Value)!.Value, 1e-9);
        Assert.Null(CpuLoad.ParseProcStat("intr 5 6 7 8 9"));
        Assert.Null(CpuLoad.ParseProcStat(null));
        Assert.Null(CpuLoad.Share((1, 2), (1, 2)));
    }

    [Theory]
    [InlineData("", CheckLevel.Ok)]
    [InlineData("performance performance", CheckLevel.Ok)]
    [InlineData("performance powersave", CheckLevel.Warn)]
    [InlineData("schedutil", CheckLevel.Warn)]
    public void Governors_other_than_performance_are_named(string governors, CheckLevel level) =>
        Judged(level, PowerCheck.JudgeLinux(governors.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("Power Scheme GUID: 8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c  (High performance)", CheckLevel.Ok)]
    [InlineData("GUID des Energieschemas: 381b4222-f694-41f0-9685-ff5bb260df2e  (Ausbalanciert)", CheckLevel.Warn)]
    [InlineData("Power Scheme GUID: A1841308-3541-4FAB-BC81-F71556F20B4A  (Power saver)", CheckLevel.Warn)]
    [InlineData("Power Scheme GUID: 00000000-0000-0000-0000-000000000000  (Lab)", CheckLevel.Warn)]
    [InlineData(null, CheckLevel.Warn)]
    public void Windows_power_plan_is_known_by_its_identifier_in_any_language(string? scheme, CheckLevel level) =>
        Judged(level, PowerCheck.JudgeWindows(scheme));

    [Theory]
    [InlineData(false, false, true, false, CheckLevel.Ok)]
    [InlineData(true, false, true, false, CheckLevel.Warn)]
    [InlineData(false, true, true, false, CheckLevel.Warn)]
    [InlineData(false, false, true, true, CheckLevel.Warn)]
    [InlineData(false, false, false, false, CheckLevel.Fail)]
    public void Runtime_settings_are_judged(bool tiered, bool server, bool is64Bit, bool debugger, CheckLevel level) =>
        Judged(level, RuntimeCheck.Judge(tiered, server, GCLatencyMode.Interactive, is64Bit, debugger));

    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "False", false)]
    [InlineData("1", "False", true)]
    [InlineData("0", "True", false)]
    public void Environment_goes_before_the_shipped_settings(string? environment, string? setting, bool tiered) =>
        Assert.Equal(tiered, RuntimeCheck.Tiered(environment, setting));

    [Theory]
    [InlineData(ThreadPriorityLevel.Normal, "0", "0", "0000000000000000", CheckLevel.Ok)]
    [InlineData(ThreadPriorityLevel.High, "0", "0", "0000000000000000", CheckLevel.Warn)]
    [InlineData(ThreadPriorityLevel.High, "0", "30", "0000000000000000", CheckLevel.Ok)]
    [InlineData(ThreadPriorityLevel.High, "0", "29", "0000000000000000", CheckLevel.Warn)]
    [InlineData(ThreadPriorityLevel.Realtime, "0", "30", "0000000000000000", CheckLevel.Warn)]
    [InlineData(ThreadPriorityLevel.Realtime, "50", "0", "0000000000000000", CheckLevel.Ok)]
    [InlineData(ThreadPriorityLevel.Realtime, "unlimited", "0", "0000000000000000", CheckLevel.Ok)]
    [InlineData(ThreadPriorityLevel.Realtime, "0", "0", "0000000000800000", CheckLevel.Ok)]
    public void Rights_are_judged_by_what_the_config_asks_for(
        ThreadPriorityLevel priority, string rtprio, string nice, string capabilities, CheckLevel level)
    {
        var limits = "Limit                     Soft Limit           Hard Limit           Units\n"
            + $"Max nice priority         {nice}   0\nMax realtime priority     {rtprio}   0\n";
        var status = $"Name:\trtdecode\nCapEff:\t{capabilities}\nCpus_allowed_list:\t0-3,8\n";
        Judged(level, RightsCheck.JudgeLinux(priority, status, limits, []));
    }

    [Theory]
    [InlineData("0-3,8", 3, true)]
    [InlineData("0-3,8", 8, true)]
    [InlineData("0-3,8", 4, false)]
    [InlineData("unknown", 4, true)]
    public void Allowed_cores_are_read_as_the_kernel_writes_them(string list, int core, bool allowed) =>
        Assert.Equal(allowed, RightsCheck.Contains(list, core));

    [Fact]
    public void Pin_to_a_core_that_is_not_allowed_fails() =>
        Judged(CheckLevel.Fail, RightsCheck.JudgeLinux(ThreadPriorityLevel.Normal, "Cpus_allowed_list:\t0-3", "", [4]));

    [Theory]
    [InlineData(ThreadPriorityLevel.High, false, CheckLevel.Ok)]
    [InlineData(ThreadPriorityLevel.Realtime, false, CheckLevel.Warn)]
    [InlineData(ThreadPriorityLevel.Realtime, true, CheckLevel.Ok)]
    public void Windows_gives_real_time_to_elevated_programs_only(ThreadPriorityLevel priority, bool elevated, CheckLevel level) =>
        Judged(level, RightsCheck.JudgeWindows(priority, elevated));

    [Fact]
    public void Port_that_is_taken_is_told_from_one_that_is_free()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.True(PortsCheck.Answers("127.0.0.1", port, Generous));
        Judged(CheckLevel.Fail, PortsCheck.JudgeOwn("127.0.0.1", port, PortsCheck.WhyNotFree("127.0.0.1", port)));
        taken.Stop();
        Assert.False(PortsCheck.Answers("127.0.0.1", port, Generous));
        Judged(CheckLevel.Ok, PortsCheck.JudgeOwn("127.0.0.1", port, PortsCheck.WhyNotFree("127.0.0.1", port)));
        Judged(CheckLevel.Warn, PortsCheck.JudgeSource("127.0.0.1", port, "data", answers: false));
        Judged(CheckLevel.Ok, PortsCheck.JudgeSource("127.0.0.1", port, "data", answers: true));
    }

    [Fact]
    public void Address_that_is_not_of_this_machine_cannot_be_opened() => Assert.NotNull(PortsCheck.WhyNotFree("192.0.2.1", 5560));

    [Theory]
    [InlineData(16e9, 8e9, CheckLevel.Ok)]
    [InlineData(16e9, 1e9, CheckLevel.Warn)]
    [InlineData(16e9, 2e8, CheckLevel.Fail)]
    public void Memory_is_judged_by_what_the_config_needs(double total, double free, CheckLevel level) =>
        Judged(level, MemoryCheck.Judge((long)total, (long)free, Config));

    [Theory]
    [InlineData(100e9, 300, CheckLevel.Ok)]
    [InlineData(3e9, 300, CheckLevel.Warn)]
    [InlineData(0.4e9, 300, CheckLevel.Fail)]
    [InlineData(100e9, 4, CheckLevel.Warn)]
    public void Disk_is_judged_by_room_and_speed(double free, double speed, CheckLevel level) =>
        Judged(level, DiskCheck.Judge("runs", (long)free, 500, speed));

    [Fact]
    public void Disk_check_leaves_nothing_behind()
    {
        var folder = Directory.CreateTempSubdirectory("Läufe ").FullName;
        try
        {
            var config = Config with { Run = new() { Folder = Path.Combine(folder, "noch", "nicht", "da") } };
            Assert.Equal(folder, DiskCheck.Existing(config.RunsFolder));
            Assert.Contains("MB/s", DiskCheck.Run(config).Measured);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whatever is not OK says what was seen and how to mend it.</summary>
    private static void Judged(CheckLevel level, CheckResult result)
    {
        Assert.Equal(level, result.Level);
        Assert.NotEmpty(result.Measured);
        Assert.Equal(level == CheckLevel.Ok, result.Remedy.Length == 0);
    }
}
