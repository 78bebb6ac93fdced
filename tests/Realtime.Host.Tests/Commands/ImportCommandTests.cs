using Realtime.Host.Commands;

namespace Realtime.Host.Tests.Commands;

public sealed class ImportCommandTests
{
    [Fact]
    public void A_few_outputs_are_named_and_of_many_the_first_with_their_number()
    {
        Assert.Equal("vx (cm/s), vy (cm/s)", ImportCommand.Names(["vx (cm/s)", "vy (cm/s)"]));
        string[] rates = [.. Enumerable.Range(0, 1024).Select(neuron => $"rate_{neuron} (Hz)")];
        Assert.Equal("1024, the first rate_0 (Hz), rate_1 (Hz), rate_2 (Hz)", ImportCommand.Names(rates));
        Assert.Equal(string.Join(", ", rates[..12]), ImportCommand.Names(rates[..12]));
    }
}
