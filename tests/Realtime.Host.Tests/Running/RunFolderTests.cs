using Realtime.Host.Running;

namespace Realtime.Host.Tests.Running;

public class RunFolderTests
{
    [Fact]
    public void Two_runs_in_one_second_get_folders_of_their_own_and_odd_names_are_made_safe()
    {
        var parent = Path.Combine(Path.GetTempPath(), $"run folder ü {Guid.NewGuid():N}");
        try
        {
            var time = new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc);
            using var first = RunFolder.Create(parent, "rig/ä", time, 1);
            using var second = RunFolder.Create(parent, "rig/ä", time, 1);
            Assert.Equal("20260304-050607-rig_ä", Path.GetFileName(first.Path));
            Assert.Equal("20260304-050607-rig_ä-2", Path.GetFileName(second.Path));
            Assert.True(Directory.GetFiles(first.Path).Sum(file => new FileInfo(file).Length) > 1_000_000, "space is held back for the report");
            first.ReleaseReserve();
            Assert.Empty(Directory.GetFiles(first.Path));
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    [Fact]
    public void Too_little_room_is_refused_before_the_run_with_both_figures()
    {
        var problem = Assert.Throws<UserErrorException>(() => RunFolder.Create(Path.GetTempPath(), "rig", DateTime.UtcNow, long.MaxValue / 2_000_000));
        Assert.Equal(ExitCode.CannotWrite, problem.ExitCode);
        Assert.Contains("run.minimum_free_mb", problem.Message);
    }

    [Fact]
    public void A_file_in_the_way_is_named()
    {
        var file = Path.GetTempFileName();
        try
        {
            var problem = Assert.Throws<UserErrorException>(() => RunFolder.Create(file, "rig", DateTime.UtcNow, 1));
            Assert.Contains(file, problem.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
