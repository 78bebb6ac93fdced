using Realtime.Models.Training.Transformers;

namespace Realtime.Models.Tests.Training.Transformers;

public sealed class WorkCrewTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_piece_is_done_once_however_often_the_crew_is_called(int threads)
    {
        using var crew = new WorkCrew(threads);
        for (var round = 0; round < 500; round++)
        {
            var done = new int[round % 9];
            crew.Run(done.Length, piece => Interlocked.Increment(ref done[piece]));
            Assert.All(done, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void The_failure_of_the_first_piece_is_thrown_after_all_are_done()
    {
        using var crew = new WorkCrew(3);
        for (var round = 0; round < 100; round++)
        {
            var done = 0;
            var failure = Assert.Throws<InvalidOperationException>(() => crew.Run(8, piece =>
            {
                Interlocked.Increment(ref done);
                if (piece is 2 or 5) throw new InvalidOperationException($"piece {piece}");
            }));
            Assert.Equal(("piece 2", 8), (failure.Message, done));
        }
    }

    [Fact]
    public void Several_threads_work_at_once()
    {
        using var crew = new WorkCrew(2);
        using var both = new Barrier(2);
        crew.Run(2, _ => Assert.True(both.SignalAndWait(TimeSpan.FromMinutes(1))));
    }
}
