namespace Realtime.Host.Configuration;

/// <summary>Collects the problems of one file.</summary>
internal sealed class ConfigProblems(string file)
{
    /// <summary>More than this are not read by anyone, and a hostile file must not make a report without end.</summary>
    private const int MaxProblems = 100;

    private readonly List<ConfigProblem> _items = [];
    private int _left;

    public bool Any => _items.Count > 0;

    public void Add(ConfigNode node, string key, string message) => Add(node.Line, node.Column, key, message);

    public void Add(int line, int column, string key, string message)
    {
        if (_items.Count < MaxProblems) _items.Add(new ConfigProblem(file, line, column, key, message));
        else _left++;
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<ConfigProblem> ToList()
    {
        var sorted = _items.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).ToList();
        if (_left > 0) sorted.Add(new ConfigProblem(file, 0, 0, "", $"and {_left} more problems; mend these first."));
        return sorted;
    }
}
